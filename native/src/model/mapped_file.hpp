// SPDX-License-Identifier: Apache-2.0
// A file in memory for reading.
#pragma once

#include <string>
#include <string_view>

#include "error.hpp"

namespace vae4j::model {

class MappedFile {
 public:
  // Fails with VAE4J_INVALID_ARGUMENT, with the name of the file and the reason of the system.
  explicit MappedFile(const std::string& path);
  ~MappedFile();

  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  const std::string& path() const { return path_; }
  std::string_view bytes() const { return {data_, size_}; }

 private:
  std::string path_;
  const char* data_ = nullptr;
  size_t size_ = 0;
};

// "model.safetensors: the problem".
inline Error damaged(const std::string& file, const std::string& problem) {
  return Error(VAE4J_INVALID_ARGUMENT, file + ": " + problem);
}

}  // namespace vae4j::model
