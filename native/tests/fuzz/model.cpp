// SPDX-License-Identifier: Apache-2.0
// Damaged and hostile files of models, and every function of vae4j_model.h on those that open.
// usage: model SEED SECONDS CASES FOLDER FILE...
// FILEs are whole models, FOLDER is for changed ones. Ends after the cases or the seconds.
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "model/checksum.hpp"
#include "random.hpp"
#include "vae4j_model.h"

// A file that asks for much memory must get an error, and not the memory of the machine.
extern "C" const char* __asan_default_options() {
  return "allocator_may_return_null=1:max_allocation_size_mb=1024";
}

namespace {

using fuzz::Random;

constexpr size_t kPrefix = 8;
constexpr int kMostSecondsOfACase = 60;

std::set<std::string>& called() {
  static std::set<std::string> names;
  return names;
}

int64_t opened;
int64_t refused;
int64_t answered;
int64_t failed;

// Counts a call by its outcome; a failure must have a text.
int outcome(const char* function, int status) {
  called().insert(function);
  if (status == VAE4J_OK) {
    answered++;
  } else {
    failed++;
    if (status < 0 || status > VAE4J_INTERNAL || *vae4j_last_error() == '\0' ||
        status == VAE4J_INTERNAL) {
      std::fprintf(stderr, "%s: status %d: %s\n", function, status, vae4j_last_error());
      std::exit(1);
    }
  }
  return status;
}

#define CALL(function, ...) outcome(#function, function(__VA_ARGS__))

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A file in its two parts.
struct Parts {
  std::string header;
  std::string data;
};

Parts split(const std::string& bytes) {
  uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kPrefix);
  return {bytes.substr(kPrefix, length), bytes.substr(kPrefix + length)};
}

// The numbers and words that a program of a model does not expect.
const std::vector<std::string>& words() {
  static const std::vector<std::string> all = {"0",   "1",          "-1",
                                               "2",   "3",          "7",
                                               "64",  "65535",      "2147483647",
                                               "B",   "L",          "BL",
                                               "S",   "2147483648", "4294967295",
                                               "-",   "w",          "9223372036854775807",
                                               "b0",  "b1",         "b99",
                                               "1e9", "nan",        "inf",
                                               "",    "f64",        "99999999999999999999",
                                               "+",   "(",          ")",
                                               ",",   "=",          "'",
                                               "B+B", "7BL",        "9223372036854775807B",
                                               "in",  "\\n",        " ",
                                               "\"",  "{",          "}",
                                               "[",   "null",       "\\u0000",
                                               "F64", "true",       "A",
                                               "0.5", "plan",       "program",
                                               "op",  "tensor",     "buffer"};
  return all;
}

bool in_number(char c) { return c >= '0' && c <= '9'; }

void replace_number(std::string* text, Random& random) {
  size_t at = static_cast<size_t>(random.between(0, static_cast<int64_t>(text->size()) - 1));
  while (at < text->size() && !in_number((*text)[at])) at++;
  size_t end = at;
  while (end < text->size() && in_number((*text)[end])) end++;
  text->replace(at, end - at, random.of(words()));
}

void change_byte(std::string* text, Random& random) {
  size_t at = static_cast<size_t>(random.between(0, static_cast<int64_t>(text->size()) - 1));
  (*text)[at] = static_cast<char>(random.between(0, 255));
}

void insert_word(std::string* text, Random& random) {
  text->insert(static_cast<size_t>(random.between(0, static_cast<int64_t>(text->size()))),
               random.of(words()));
}

// The places of lines in the programs: "\n" in JSON.
std::vector<size_t> lines_of(const std::string& text) {
  std::vector<size_t> lines;
  for (size_t at = text.find("\\n"); at != std::string::npos; at = text.find("\\n", at + 2)) {
    lines.push_back(at);
  }
  return lines;
}

// Copies, removes or moves a line.
void change_line(std::string* text, Random& random) {
  std::vector<size_t> lines = lines_of(*text);
  if (lines.size() < 3) return;
  size_t line = static_cast<size_t>(random.between(0, static_cast<int64_t>(lines.size()) - 2));
  std::string own = text->substr(lines[line], lines[line + 1] - lines[line]);
  size_t to = random.of(lines);
  if (random.chance(50)) text->insert(to, own);
  if (random.chance(70)) {
    size_t at = text->find(own);
    if (at != std::string::npos) text->erase(at, own.size());
  }
}

void change(std::string* header, Random& random) {
  void (*const changes[])(std::string*, Random&) = {replace_number, replace_number, change_line,
                                                    insert_word, change_byte};
  for (int64_t count = random.chance(70) ? 1 : random.between(2, 6); count > 0; count--) {
    if (!header->empty()) changes[random.between(0, 4)](header, random);
  }
}

// Puts the right checksum into the header, so that the file is read further.
void seal(Parts* parts) {
  const std::string key = "\"vae4j.checksum\":\"crc32c:";
  size_t begin = parts->header.find(key);
  size_t end = begin + key.size() + 9;
  if (begin == std::string::npos || end >= parts->header.size()) return;
  size_t last = parts->header.find_last_not_of(' ') + 1;
  if (end >= last) return;
  vae4j::model::Checksum sum;
  sum.add(std::string_view(parts->header).substr(0, begin));
  sum.add(std::string_view(parts->header).substr(end + 1, last - end - 1));
  sum.add(parts->data);
  char digits[16];
  std::snprintf(digits, sizeof digits, "%08x", sum.value());
  parts->header.replace(begin + key.size(), 8, digits);
}

void write(const std::string& path, const Parts& parts, Random& random) {
  uint64_t length = parts.header.size();
  if (random.chance(3)) length = random.next();
  std::string bytes(reinterpret_cast<const char*>(&length), kPrefix);
  bytes += parts.header + parts.data;
  if (random.chance(3)) {
    bytes.resize(static_cast<size_t>(random.between(0, static_cast<int64_t>(bytes.size()))));
  }
  std::ofstream(path, std::ios::binary) << bytes;
}

int64_t size(const vae4j_model* model, int which) {
  int64_t value = 0;
  CALL(vae4j_model_size, model, which, &value);
  return value;
}

std::vector<float> numbers(int64_t count, Random& random, bool hostile) {
  std::vector<float> values(static_cast<size_t>(count));
  for (float& value : values) {
    value = hostile && random.chance(20) ? random.of(fuzz::hostile_floats())
                                         : static_cast<float>(random.unit());
  }
  return values;
}

// Results have exactly the size that the header says: a write beyond it ends the program.
void use(const vae4j_model* model, Random& random) {
  constexpr int64_t kMost = 1 << 20;
  int64_t features = size(model, VAE4J_FEATURES);
  int64_t latent = size(model, VAE4J_LATENT);
  int64_t conditions = size(model, VAE4J_CONDITIONS);
  int64_t outputs = size(model, VAE4J_OUTPUTS) + size(model, VAE4J_SHARED);
  size(model, static_cast<int>(random.between(-2, 12)));
  if (features > kMost || latent > kMost || conditions > kMost || outputs > kMost) return;
  const char* text = nullptr;
  CALL(vae4j_model_text, model, static_cast<int>(random.between(-1, 6)), &text);
  CALL(vae4j_model_column, model, random.between(-1, 5), &text);
  int64_t rows = random.between(1, 5);
  int64_t samples = random.between(1, 3);
  int64_t seed = static_cast<int64_t>(random.next());
  bool hostile = random.chance(30);
  std::vector<float> x = numbers(rows * features, random, hostile);
  std::vector<float> z = numbers(rows * latent, random, hostile);
  std::vector<float> given = numbers(rows * conditions, random, hostile);
  const float* condition = conditions == 0 ? nullptr : given.data();
  std::vector<float> mean(static_cast<size_t>(rows * latent));
  std::vector<float> logvar(static_cast<size_t>(rows * latent));
  CALL(vae4j_model_encode, model, x.data(), condition, rows, mean.data(), logvar.data());
  std::vector<float> codes(static_cast<size_t>(rows * samples * latent));
  CALL(vae4j_model_sample_posterior, model, x.data(), condition, rows, samples, seed, codes.data());
  std::vector<float> decoded(static_cast<size_t>(rows * features));
  CALL(vae4j_model_decode, model, z.data(), condition, rows, decoded.data());
  CALL(vae4j_model_decode_draw, model, z.data(), condition, rows, seed, decoded.data());
  std::vector<float> parameters(static_cast<size_t>(rows * outputs));
  CALL(vae4j_model_decode_parameters, model, z.data(), condition, rows, parameters.data());
  CALL(vae4j_model_sample_prior, model, rows, seed, random.unit(), mean.data());
  std::vector<vae4j_terms> terms(static_cast<size_t>(rows));
  CALL(vae4j_model_score, model, x.data(), condition, rows, samples, seed, terms.data());
  std::vector<double> logs(static_cast<size_t>(rows));
  CALL(vae4j_model_log_likelihood, model, x.data(), condition, rows, samples * 60, seed,
       logs.data(), random.chance(50) ? nullptr : logs.data());
  int64_t columns = size(model, VAE4J_COLUMNS);
  std::vector<const char*> cells(static_cast<size_t>(rows * columns) + 1);
  for (const char*& cell : cells) {
    cell = random.chance(10) ? nullptr : random.of(words()).c_str();
  }
  std::vector<vae4j_row_score> scores(static_cast<size_t>(rows));
  CALL(vae4j_model_score_row, model, cells.data(), rows, samples, seed, scores.data());
}

// Arguments that every function refuses.
void wrong_arguments(const vae4j_model* model) {
  CALL(vae4j_model_open, 0, "", 1, nullptr, nullptr);
  vae4j_model* none = nullptr;
  CALL(vae4j_model_open, VAE4J_MODEL_ABI + 1, "/", 1, nullptr, &none);
  CALL(vae4j_model_open, VAE4J_MODEL_ABI, nullptr, 1, nullptr, &none);
  CALL(vae4j_model_open, VAE4J_MODEL_ABI, "/nowhere/model.safetensors", 1, nullptr, &none);
  CALL(vae4j_model_encode, nullptr, nullptr, nullptr, 0, nullptr, nullptr);
  CALL(vae4j_model_encode, model, nullptr, nullptr, 1, nullptr, nullptr);
  float one = 0;
  CALL(vae4j_model_encode, model, &one, &one, 0, &one, nullptr);
  CALL(vae4j_model_encode, model, &one, nullptr, INT64_MIN, &one, nullptr);
  CALL(vae4j_model_sample_posterior, model, &one, nullptr, 0, 0, 0, &one);
  CALL(vae4j_model_decode, model, nullptr, nullptr, 1, &one);
  CALL(vae4j_model_decode_draw, model, &one, nullptr, INT64_MAX, 0, &one);
  CALL(vae4j_model_decode_parameters, model, &one, nullptr, -1, &one);
  CALL(vae4j_model_sample_prior, model, 0, 0, 1, &one);
  CALL(vae4j_model_sample_prior, model, 1, 0, -1, &one);
  CALL(vae4j_model_score, model, &one, nullptr, 0, 1, 0, nullptr);
  CALL(vae4j_model_log_likelihood, model, &one, nullptr, 0, 0, 0, nullptr, nullptr);
  CALL(vae4j_model_score_row, model, nullptr, 1, 1, 0, nullptr);
  CALL(vae4j_model_size, model, 0, nullptr);
  CALL(vae4j_model_text, nullptr, 0, nullptr);
  CALL(vae4j_model_column, model, 0, nullptr);
  CALL(vae4j_model_close, nullptr);
}

void open_and_use(const std::string& path, Random& random, bool must_open) {
  alarm(kMostSecondsOfACase);
  vae4j_model* model = nullptr;
  int threads = random.chance(90) ? 1 : 2;
  if (CALL(vae4j_model_open, VAE4J_MODEL_ABI, path.c_str(), threads, nullptr, &model) == VAE4J_OK) {
    opened++;
    use(model, random);
    if (must_open) wrong_arguments(model);
    CALL(vae4j_model_close, model);
  } else {
    refused++;
    if (must_open) {
      std::fprintf(stderr, "%s: %s\n", path.c_str(), vae4j_last_error());
      std::exit(1);
    }
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 6) return 2;
  Random random(std::strtoull(arguments[1], nullptr, 10));
  auto end = std::chrono::steady_clock::now() + std::chrono::seconds(std::atoi(arguments[2]));
  int64_t cases = std::strtoll(arguments[3], nullptr, 10);
  std::string changed = std::string(arguments[4]) + "/model.safetensors";
  std::vector<Parts> files;
  for (int i = 5; i < count; i++) {
    open_and_use(arguments[i], random, true);
    files.push_back(split(read(arguments[i])));
  }
  int64_t done = 0;
  for (; done < cases && std::chrono::steady_clock::now() < end; done++) {
    Parts parts = random.of(files);
    change(&parts.header, random);
    if (random.chance(10) && !parts.data.empty()) change_byte(&parts.data, random);
    if (random.chance(97)) seal(&parts);
    write(changed, parts, random);
    open_and_use(changed, random, false);
  }
  for (const std::string& function : called()) std::printf("called %s\n", function.c_str());
  std::printf(
      "seed %s: %lld cases, %lld models opened, %lld refused, %lld calls answered, %lld refused\n",
      arguments[1], static_cast<long long>(done), static_cast<long long>(opened),
      static_cast<long long>(refused), static_cast<long long>(answered),
      static_cast<long long>(failed));
  return 0;
}
