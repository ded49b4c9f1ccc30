// SPDX-License-Identifier: Apache-2.0
#include "model/model.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <charconv>
#include <climits>

#include "model/uses.hpp"

namespace vae4j::model {
namespace {

constexpr const char* kFile = "model.safetensors";

std::string file_of(const std::string& path) {
  struct stat status{};
  if (path.empty()) throw wrong("model_open", "path", "a folder or a file", "an empty text");
  bool folder = stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
  if (!folder) return path;
  std::string file = path + "/" + kFile;
  if (stat(file.c_str(), &status) != 0 && errno == ENOENT) {
    throw damaged(path, std::string("there is no ") + kFile + " in this folder");
  }
  return file;
}

std::string calibration_beside(const std::string& file) {
  size_t end = file.rfind('/');
  return (end == std::string::npos ? "" : file.substr(0, end + 1)) + "calibration.json";
}

// Reads a text of the file's programs; its errors name the file.
template <class Read>
auto of_programs(const vae4j_model& model, const Read& read) {
  try {
    return read();
  } catch (const Error& e) {
    throw model.wrong_program(e.what());
  }
}

}  // namespace
}  // namespace vae4j::model

using vae4j::model::calibration_beside;
using vae4j::model::of_programs;
using vae4j::model::SafeTensors;

vae4j_model::vae4j_model(const std::string& path, int threads, const char* isa)
    : vae4j_model(SafeTensors(vae4j::model::file_of(path)), threads, isa) {}

vae4j_model::vae4j_model(const SafeTensors& file, int threads, const char* isa)
    : path(file.path()),
      specification(file.metadata("vae4j.model")),
      written_by(file.metadata("vae4j.version")),
      programs(vae4j::model::read_programs(file.path(), file.metadata("vae4j.programs"))),
      weights(vae4j::model::read_arena(file, programs.parameters, fact("weights"))),
      table(file.path(), specification, calibration_beside(file.path()), weights),
      features(positive("features")),
      latent(positive("latent")),
      conditions(fact("conditions")),
      head(positive("head")),
      outputs(positive("outputs")),
      shared(fact("shared")),
      rows_evaluated(positive("rows_evaluated")),
      rows_sampled(positive("rows_sampled")),
      rows_decoded(positive("rows_decoded")),
      samples_weighed(positive("samples_weighed")),
      codes(of_programs(*this,
                        [this] {
                          return vae4j::PosteriorHead(text("posterior"), static_cast<int>(head),
                                                      static_cast<int>(latent));
                        })),
      observation(
          of_programs(*this, [this] { return vae4j::Observation::parse(text("likelihood")); })),
      sessions(vae4j::model::Settings(threads, isa), programs, weights) {
  int columns = static_cast<int>(features);
  if (observation.parameters(columns) != outputs || observation.shared(columns) != shared ||
      parameter("observation.shared").length != shared) {
    throw wrong_program("outputs and shared are not those of " + text("likelihood"));
  }
  table.check(path, features, conditions);
  vae4j::model::check_prior(*this);
}

vae4j::Error vae4j_model::wrong_program(const std::string& problem) const {
  return vae4j::model::damaged(path, "vae4j.programs: " + problem);
}

const std::string& vae4j_model::text(const char* name) const {
  auto found = programs.facts.find(name);
  if (found == programs.facts.end()) {
    throw wrong_program(std::string("there is no line ") + name);
  }
  return found->second;
}

int64_t vae4j_model::fact(const char* name) const {
  const std::string& digits = text(name);
  int64_t value = 0;
  auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (read.ec != std::errc() || *read.ptr != '\0' || value < 0 || value > INT_MAX) {
    throw wrong_program(std::string(name) + ": expected a number of 0 or more");
  }
  return value;
}

int64_t vae4j_model::positive(const char* name) const {
  int64_t value = fact(name);
  if (value < 1) {
    throw wrong_program(std::string(name) + ": expected 1 or more, given 0");
  }
  return value;
}

vae4j_model::Parameter vae4j_model::parameter(const char* name) const {
  for (const vae4j::model::ParameterText& own : programs.parameters) {
    if (own.name != name) continue;
    int64_t length = 1;
    for (int64_t size : own.dims) length *= size;
    return {weights.values.get() + own.offset, length};
  }
  return {nullptr, 0};
}
