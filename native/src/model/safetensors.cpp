// SPDX-License-Identifier: Apache-2.0
#include "model/safetensors.hpp"

#include <climits>
#include <cstdio>
#include <cstring>

#include "model/checksum.hpp"
#include "model/json.hpp"

namespace vae4j::model {
namespace {

constexpr size_t kPrefix = 8;
constexpr const char* kMetadata = "__metadata__";
constexpr const char* kChecksum = "vae4j.checksum";

// Bytes of a tensor, or -1 if its sizes are none of an array's.
int64_t bytes_of(const std::vector<int64_t>& dims) {
  int64_t count = sizeof(float);
  for (int64_t size : dims) {
    if (count > INT64_MAX / size) return -1;
    count *= size;
  }
  return count;
}

StoredTensor read_tensor(const std::string& path, const JsonValue& value, std::string_view data) {
  value.allow({"dtype", "shape", "data_offsets"});
  std::string type = value.at("dtype").as_text();
  if (type != "F32") {
    throw damaged(path, "tensor " + quoted(value.name()) + " is of type " + quoted(type) +
                            ", and those of a model are F32; a run's model is model.safetensors, "
                            "not its checkpoint");
  }
  StoredTensor tensor;
  for (const JsonValue& size : value.at("shape").elements()) {
    tensor.dims.push_back(size.as_integer(1, INT_MAX));
  }
  std::vector<JsonValue> offsets = value.at("data_offsets").elements();
  if (offsets.size() != 2) throw value.at("data_offsets").error("expected two numbers");
  int64_t end = offsets[1].as_integer(0, INT64_MAX);
  if (end > static_cast<int64_t>(data.size())) {
    throw damaged(path, "the file is cut off: tensor " + quoted(value.name()) + " ends at byte " +
                            std::to_string(end) + " of the data, which have " +
                            std::to_string(data.size()));
  }
  int64_t begin = offsets[0].as_integer(0, end);
  if (end - begin != bytes_of(tensor.dims)) {
    throw value.error("its shape and its data_offsets give different sizes");
  }
  tensor.bytes = data.substr(static_cast<size_t>(begin), static_cast<size_t>(end - begin));
  return tensor;
}

std::string text(const std::vector<int64_t>& dims) {
  std::string text = "(";
  for (size_t i = 0; i < dims.size(); i++) {
    text += (i == 0 ? "" : ", ") + std::to_string(dims[i]);
  }
  return text + ")";
}

}  // namespace

SafeTensors::SafeTensors(const std::string& path) : file_(path) {
  std::string_view bytes = file_.bytes();
  uint64_t length = 0;
  if (bytes.size() >= kPrefix) std::memcpy(&length, bytes.data(), kPrefix);
  if (bytes.size() < kPrefix || length > bytes.size() - kPrefix) {
    throw damaged(path, "it is no safetensors file, or it is cut off: it has " +
                            std::to_string(bytes.size()) + " bytes");
  }
  std::string_view header = bytes.substr(kPrefix, length);
  std::string_view data = bytes.substr(kPrefix + length);
  JsonValue root = JsonValue::parse(path, std::string(header));
  for (const std::string& key : root.keys()) {
    JsonValue value = root.at(key);
    if (key == kMetadata) {
      for (const std::string& name : value.keys()) metadata_[name] = value.at(name).as_text();
    } else {
      tensors_[key] = read_tensor(path, value, data);
    }
  }
  check_sum(header, data);
}

// The checksum is over the header without the checksum's own key.
void SafeTensors::check_sum(std::string_view header, std::string_view data) const {
  const std::string& expected = metadata(kChecksum);
  std::string entry = "\"" + std::string(kChecksum) + "\":\"" + expected + "\"";
  size_t begin = header.find(entry);
  std::string_view rest = header.substr(0, header.find_last_not_of(' ') + 1);
  if (begin == std::string_view::npos || begin + entry.size() >= rest.size()) {
    throw damaged(path(), "vae4j did not write its header in this form; save it with vae4j");
  }
  // It has a comma after it, or before it if it is the last key.
  size_t end = begin + entry.size();
  if (rest[end] == ',') {
    end++;
  } else if (rest[begin - 1] == ',') {
    begin--;
  }
  Checksum sum;
  sum.add(rest.substr(0, begin));
  sum.add(rest.substr(end));
  sum.add(data);
  char actual[32];
  std::snprintf(actual, sizeof actual, "crc32c:%08x", sum.value());
  if (expected != actual) {
    throw damaged(path(), "the file is damaged: its checksum is " + std::string(actual) +
                              ", expected " + quoted(expected));
  }
}

const std::string& SafeTensors::metadata(const std::string& key) const {
  auto found = metadata_.find(key);
  if (found == metadata_.end()) {
    throw damaged(path(),
                  "its metadata has no " + key +
                      "; write it with ./vae4j export --model DIR --format native --out OTHER");
  }
  return found->second;
}

std::string_view SafeTensors::tensor(const std::string& name,
                                     const std::vector<int64_t>& dims) const {
  auto found = tensors_.find(name);
  if (found == tensors_.end()) throw damaged(path(), "there is no tensor " + quoted(name));
  if (found->second.dims != dims) {
    throw damaged(path(), "tensor " + quoted(name) + ": expected the shape " + text(dims) +
                              ", given " + text(found->second.dims));
  }
  return found->second.bytes;
}

}  // namespace vae4j::model
