// SPDX-License-Identifier: Apache-2.0
// Parts of newer versions of glibc, which are defined here, so that the library needs none of them;
// they are not exported.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

extern "C" {

// 2.32: std::shared_ptr leaves out atomic operations while it is not 0, when a process has one thread.
extern const char __libc_single_threaded;
const char __libc_single_threaded = 0;

// 2.33: before, these were inline functions.
int fstat(int file, struct stat* status) noexcept {
  return static_cast<int>(syscall(SYS_fstat, file, status));
}

int stat(const char* path, struct stat* status) noexcept {
  return static_cast<int>(syscall(SYS_newfstatat, AT_FDCWD, path, status, 0));
}
}
