// SPDX-License-Identifier: Apache-2.0
// The variable of glibc 2.32 by which std::shared_ptr leaves out atomic operations while a process
// has one thread. This one says that there may always be more, and is not exported.
extern "C" {
extern const char __libc_single_threaded;
const char __libc_single_threaded = 0;
}
