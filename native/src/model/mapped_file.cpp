// SPDX-License-Identifier: Apache-2.0
#include "model/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace vae4j::model {
namespace {

class Descriptor {
 public:
  explicit Descriptor(const std::string& path)
      : value(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (value < 0) throw damaged(path, std::strerror(errno));
  }
  ~Descriptor() { close(value); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  const int value;
};

}  // namespace

MappedFile::MappedFile(const std::string& path) : path_(path) {
  Descriptor file(path);
  struct stat status{};
  if (fstat(file.value, &status) != 0) throw damaged(path, std::strerror(errno));
  if (!S_ISREG(status.st_mode)) throw damaged(path, "expected a regular file");
  size_ = static_cast<size_t>(status.st_size);
  if (size_ == 0) return;
  void* mapped = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.value, 0);
  if (mapped == MAP_FAILED) throw damaged(path, std::strerror(errno));
  data_ = static_cast<const char*>(mapped);
}

MappedFile::~MappedFile() {
  if (size_ > 0) munmap(const_cast<char*>(data_), size_);
}

}  // namespace vae4j::model
