// SPDX-License-Identifier: Apache-2.0
/*
 * Faults of a file system, for a process with this library in LD_PRELOAD. It counts the calls that a
 * process makes on files below one folder, and at one of them ends the process, waits, fails, or
 * copies the folder. FileFaults.java builds the library and fills in the plan.
 *
 *   VAE4J_FAULTS_ROOT     the folder, as an absolute path without links
 *   VAE4J_FAULTS_CONTROL  a file of sizeof(Control) bytes: the plan, and what came of it
 *
 * A copy of the folder before a call is what a process leaves that is killed there, so that one
 * process shows all of these states.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <string>

namespace {

enum Kind : int64_t {
  READ = 1,
  CREATE = 2,
  WRITE = 4,
  SYNC = 8,
  RENAME = 16,
  REMOVE = 32,
  MKDIR = 64,
  CHMOD = 128,
  TRUNCATE = 256
};

enum Action : int64_t {
  NONE = 0,
  KILL_BEFORE = 1,
  KILL_HALF = 2,
  KILL_AFTER = 3,
  FAIL = 4,
  COPY = 5,
  HOLD = 6
};

struct Control {
  std::atomic<int64_t> calls;  // of the kinds, so far
  int64_t kinds;               // the sum of those that count
  std::atomic<int64_t> action;
  int64_t at;      // the number of the call, from 1; not for COPY
  int64_t repeat;  // the number of calls that fail from there on
  int64_t error;   // the errno of FAIL
  std::atomic<int64_t> fired;
  char call[256];    // the first call at which this acted
  char copies[256];  // the folder of COPY
  char part[256];    // of the paths that count; empty for all
};

struct State {
  Control* control = nullptr;
  std::string root;

  State() {
    const char* folder = getenv("VAE4J_FAULTS_ROOT");
    const char* file = getenv("VAE4J_FAULTS_CONTROL");
    if (folder == nullptr || file == nullptr) {
      return;
    }
    root = std::string(folder) + "/";
    int fd = static_cast<int>(syscall(SYS_openat, AT_FDCWD, file, O_RDWR));
    void* memory = mmap(nullptr, sizeof(Control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd < 0 || memory == MAP_FAILED) {
      perror(file);
      _exit(3);
    }
    close(fd);
    control = static_cast<Control*>(memory);
  }
};

State& state() {
  static State instance;
  return instance;
}

thread_local bool inside = false;

// The calls of this library are not counted.
struct Inside {
  bool before = inside;
  Inside() { inside = true; }
  ~Inside() { inside = before; }
};

template <typename F>
F real(const char* name) {
  return reinterpret_cast<F>(dlsym(RTLD_NEXT, name));
}

std::string path_of(int fd) {
  char link[64];
  char path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path);
  return length < 0 ? std::string() : std::string(path, static_cast<size_t>(length));
}

std::string path_at(int folder, const char* name) {
  if (name[0] == '/' || folder == AT_FDCWD) {
    return name;
  }
  return path_of(folder) + "/" + name;
}

const char* name_of(Kind kind) {
  switch (kind) {
    case READ:
      return "read";
    case CREATE:
      return "create";
    case WRITE:
      return "write";
    case SYNC:
      return "sync";
    case RENAME:
      return "rename";
    case REMOVE:
      return "remove";
    case MKDIR:
      return "mkdir";
    case CHMOD:
      return "chmod";
    case TRUNCATE:
      return "truncate";
  }
  return "";
}

void copy(const Control& control, int64_t call, const char* part, Kind kind) {
  char name[64];
  snprintf(name, sizeof name, "%05ld-%s-%s", static_cast<long>(call), part, name_of(kind));
  std::filesystem::copy(state().root, std::filesystem::path(control.copies) / name,
                        std::filesystem::copy_options::recursive);
}

// What is to be done at a call.
struct Turn {
  Action action = NONE;
  int64_t call = 0;
  Kind kind = READ;

  Turn(Kind of, const std::string& path) : kind(of) {
    Control* control = state().control;
    if (control == nullptr || inside || (control->kinds & of) == 0 ||
        path.compare(0, state().root.size(), state().root) != 0) {
      return;
    }
    if (path.find(control->part) == std::string::npos) {
      return;
    }
    Inside guard;
    call = ++control->calls;
    Action planned = static_cast<Action>(control->action.load());
    if (planned == COPY) {
      copy(*control, call, "before", kind);
      action = COPY;
      return;
    }
    if (planned == NONE || call < control->at || call >= control->at + control->repeat) {
      return;
    }
    if (control->fired++ == 0) {
      snprintf(control->call, sizeof control->call, "%s %s", name_of(kind), path.c_str());
    }
    action = planned;
    while (action == HOLD && control->action.load() == HOLD) {
      usleep(1000);
    }
    if (action == KILL_BEFORE || (action == KILL_HALF && kind != WRITE)) {
      kill(getpid(), SIGKILL);
    }
  }

  // Whether the call is not to be made.
  bool fails() const {
    if (action == FAIL) {
      errno = static_cast<int>(state().control->error);
    }
    return action == FAIL;
  }

  template <typename R>
  R after(R result) const {
    if (action == KILL_AFTER) {
      kill(getpid(), SIGKILL);
    }
    return result;
  }
};

template <typename Write>
ssize_t write_some(int fd, size_t size, Write write) {
  if (state().control == nullptr || inside) {
    return write(0, size);
  }
  std::string path;
  {
    Inside guard;
    path = path_of(fd);
  }
  Turn turn(WRITE, path);
  if (turn.action == KILL_HALF) {
    write(0, size / 2);
    kill(getpid(), SIGKILL);
  }
  if (turn.action == COPY && size > 1) {
    ssize_t first = write(0, size / 2);
    if (first < static_cast<ssize_t>(size / 2)) {
      return first;
    }
    Inside guard;
    copy(*state().control, turn.call, "half", WRITE);
    ssize_t second = write(size / 2, size - size / 2);
    return second < 0 ? first : first + second;
  }
  // A disk that gets full takes the first part.
  bool part = turn.action == FAIL && turn.call == state().control->at && size > 1 &&
              (state().control->error == ENOSPC || state().control->error == EDQUOT);
  if (part) {
    return write(0, size / 2);
  }
  return turn.fails() ? -1 : turn.after(write(0, size));
}

std::string named(int fd) {
  Inside guard;
  return path_of(fd);
}

std::string named(int folder, const char* name) {
  Inside guard;
  return path_at(folder, name);
}

Kind kind_of(int flags) {
  return (flags & O_CREAT) != 0 || (flags & O_ACCMODE) != O_RDONLY ? CREATE : READ;
}

}  // namespace

#define MODE                             \
  mode_t mode = 0;                       \
  if ((flags & (O_CREAT | O_TMPFILE))) { \
    va_list more;                        \
    va_start(more, flags);               \
    mode = va_arg(more, mode_t);         \
    va_end(more);                        \
  }

#define OPEN(name)                                                       \
  extern "C" int name(const char* path, int flags, ...) {                \
    MODE static auto next = real<int (*)(const char*, int, ...)>(#name); \
    Turn turn(kind_of(flags), path);                                     \
    return turn.fails() ? -1 : turn.after(next(path, flags, mode));      \
  }

#define OPENAT(name)                                                          \
  extern "C" int name(int folder, const char* path, int flags, ...) {         \
    MODE static auto next = real<int (*)(int, const char*, int, ...)>(#name); \
    Turn turn(kind_of(flags), named(folder, path));                           \
    return turn.fails() ? -1 : turn.after(next(folder, path, flags, mode));   \
  }

#define OF_FILE(name, kind)                          \
  extern "C" int name(int fd) {                      \
    static auto next = real<int (*)(int)>(#name);    \
    Turn turn(kind, named(fd));                      \
    return turn.fails() ? -1 : turn.after(next(fd)); \
  }

#define OF_PATH(name, kind)                               \
  extern "C" int name(const char* path) noexcept {        \
    static auto next = real<int (*)(const char*)>(#name); \
    Turn turn(kind, path);                                \
    return turn.fails() ? -1 : turn.after(next(path));    \
  }

#define OF_PATH_AND_MODE(name, kind)                              \
  extern "C" int name(const char* path, mode_t mode) noexcept {   \
    static auto next = real<int (*)(const char*, mode_t)>(#name); \
    Turn turn(kind, path);                                        \
    return turn.fails() ? -1 : turn.after(next(path, mode));      \
  }

#define PWRITE(name)                                                              \
  extern "C" ssize_t name(int fd, const void* bytes, size_t size, off_t offset) { \
    static auto next = real<ssize_t (*)(int, const void*, size_t, off_t)>(#name); \
    return write_some(fd, size, [=](size_t from, size_t count) {                  \
      return next(fd, static_cast<const char*>(bytes) + from, count,              \
                  offset + static_cast<off_t>(from));                             \
    });                                                                           \
  }

#define TRUNCATE_FILE(name)                                \
  extern "C" int name(int fd, off_t size) noexcept {       \
    static auto next = real<int (*)(int, off_t)>(#name);   \
    Turn turn(TRUNCATE, named(fd));                        \
    return turn.fails() ? -1 : turn.after(next(fd, size)); \
  }

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)
OF_FILE(fsync, SYNC)
OF_FILE(fdatasync, SYNC)
OF_PATH(unlink, REMOVE)
OF_PATH(rmdir, REMOVE)
OF_PATH_AND_MODE(mkdir, MKDIR)
OF_PATH_AND_MODE(chmod, CHMOD)
PWRITE(pwrite)
PWRITE(pwrite64)
TRUNCATE_FILE(ftruncate)
TRUNCATE_FILE(ftruncate64)

extern "C" ssize_t write(int fd, const void* bytes, size_t size) {
  static auto next = real<ssize_t (*)(int, const void*, size_t)>("write");
  return write_some(fd, size, [=](size_t from, size_t count) {
    return next(fd, static_cast<const char*>(bytes) + from, count);
  });
}

// One call on a file: its parts are not written in halves.
extern "C" ssize_t writev(int fd, const struct iovec* parts, int count) {
  static auto next = real<ssize_t (*)(int, const struct iovec*, int)>("writev");
  Turn turn(WRITE, named(fd));
  return turn.fails() ? -1 : turn.after(next(fd, parts, count));
}

extern "C" int fchmod(int fd, mode_t mode) noexcept {
  static auto next = real<int (*)(int, mode_t)>("fchmod");
  Turn turn(CHMOD, named(fd));
  return turn.fails() ? -1 : turn.after(next(fd, mode));
}

extern "C" int rename(const char* from, const char* to) noexcept {
  static auto next = real<int (*)(const char*, const char*)>("rename");
  Turn turn(RENAME, from);
  return turn.fails() ? -1 : turn.after(next(from, to));
}

extern "C" int unlinkat(int folder, const char* name, int flags) noexcept {
  static auto next = real<int (*)(int, const char*, int)>("unlinkat");
  Turn turn(REMOVE, named(folder, name));
  return turn.fails() ? -1 : turn.after(next(folder, name, flags));
}

extern "C" DIR* opendir(const char* path) {
  static auto next = real<DIR* (*)(const char*)>("opendir");
  Turn turn(READ, path);
  return turn.fails() ? nullptr : turn.after(next(path));
}
