// SPDX-License-Identifier: Apache-2.0
// A safetensors file that vae4j wrote: 8 bytes with the header's length, the header in JSON, the
// tensors' bytes. docs/checkpoint-format.md has the metadata and the checksum.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/mapped_file.hpp"

namespace vae4j::model {

struct StoredTensor {
  std::vector<int64_t> dims;
  std::string_view bytes;  // FLOAT32
};

class SafeTensors {
 public:
  // Maps and checks the file: ranges, types and the checksum.
  explicit SafeTensors(const std::string& path);

  const std::string& path() const { return file_.path(); }

  // A text of the metadata; fails if it is missing.
  const std::string& metadata(const std::string& key) const;

  // The values of a tensor; fails if it is missing or of another shape.
  std::string_view tensor(const std::string& name, const std::vector<int64_t>& dims) const;

  size_t tensors() const { return tensors_.size(); }

 private:
  void check_sum(std::string_view header, std::string_view data) const;

  MappedFile file_;
  std::map<std::string, std::string> metadata_;
  std::map<std::string, StoredTensor> tensors_;
};

}  // namespace vae4j::model
