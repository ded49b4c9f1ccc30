// SPDX-License-Identifier: Apache-2.0
// Damaged and hostile files of models, and every function of vae4j_model.h on those that open.
// usage: model SEED SECONDS CASES FOLDER FILE...
// FILEs are whole models, FOLDER is for changed ones. Ends after the cases or the seconds.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "model_cases.hpp"

// A file that asks for much memory must get an error, and not the memory of the machine.
extern "C" const char* __asan_default_options() {
  return "allocator_may_return_null=1:hard_rss_limit_mb=4096";
}

namespace {

using fuzz::Parts;
using fuzz::Random;

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

void write(const std::string& path, const Parts& parts, Random& random) {
  std::string bytes = fuzz::bytes_of(parts);
  if (random.chance(3)) {
    uint64_t length = random.next();
    bytes.replace(0, fuzz::kPrefix, reinterpret_cast<const char*>(&length), fuzz::kPrefix);
  }
  if (random.chance(3)) {
    bytes.resize(static_cast<size_t>(random.between(0, static_cast<int64_t>(bytes.size()))));
  }
  fuzz::write_file(path, bytes);
}

// Every call, on a model that may be damaged.
void use(const vae4j_model* model, Random& random) {
  constexpr int64_t kMost = 1 << 20;
  for (int which : {VAE4J_FEATURES, VAE4J_LATENT, VAE4J_CONDITIONS, VAE4J_OUTPUTS, VAE4J_SHARED}) {
    if (fuzz::size(model, which) > kMost) return;
  }
  int64_t number = 0;
  TRY(vae4j_model_size, model, static_cast<int>(random.between(-2, 12)), &number);
  const char* text = nullptr;
  TRY(vae4j_model_text, model, static_cast<int>(random.between(-1, 6)), &text);
  TRY(vae4j_model_column, model, random.between(-1, 5), &text);
  int64_t rows = random.between(1, 5);
  int64_t samples = random.between(1, 3);
  int64_t seed = static_cast<int64_t>(random.next());
  bool hostile = random.chance(30);
  fuzz::Arrays a(model, rows, samples, [&] {
    return hostile && random.chance(20) ? random.of(fuzz::hostile_floats())
                                        : static_cast<float>(random.unit());
  });
  const float* x = a.x.data();
  const float* z = a.z.data();
  const float* given = a.condition();
  TRY(vae4j_model_encode, model, x, given, rows, a.mean.data(), a.logvar.data());
  TRY(vae4j_model_sample_posterior, model, x, given, rows, samples, seed, a.codes.data());
  TRY(vae4j_model_decode, model, z, given, rows, a.decoded.data());
  TRY(vae4j_model_decode_draw, model, z, given, rows, seed, a.drawn.data());
  TRY(vae4j_model_decode_parameters, model, z, given, rows, a.parameters.data());
  TRY(vae4j_model_sample_prior, model, rows, seed, random.unit(), a.prior.data());
  TRY(vae4j_model_score, model, x, given, rows, samples, seed, a.terms.data());
  TRY(vae4j_model_log_likelihood, model, x, given, rows, samples * 60, seed, a.logs.data(),
      random.chance(50) ? nullptr : a.sizes.data());
  std::vector<const char*> cells(a.count(fuzz::size(model, VAE4J_COLUMNS)) + 1);
  for (const char*& cell : cells) {
    cell = random.chance(10) ? nullptr : random.of(words()).c_str();
  }
  TRY(vae4j_model_score_row, model, cells.data(), rows, samples, seed, a.scores.data());
}

void use_changed(const std::string& path, Random& random) {
  vae4j_model* model = nullptr;
  if (fuzz::open_model(path, random.chance(90) ? 1 : 2, &model) != VAE4J_OK) return;
  use(model, random);
  fuzz::close_model(model);
}

// A whole model answers sound calls, refuses wrong ones, and no call changes it.
void use_whole(const std::string& path, Random& random) {
  fuzz::begin(path);
  vae4j_model* model = nullptr;
  fuzz::expect(fuzz::open_model(path, 1, &model) == VAE4J_OK, "a model");
  std::string before = fuzz::score_bits(model);
  fuzz::sound_calls(model, random.between(1, 5), random.between(1, 3));
  const char* cell = "1";
  vae4j_row_score score;
  REFUSED(vae4j_model_score_row, model, &cell, 1, 1, 0, &score);
  fuzz::wrong_arguments(model);
  use(model, random);
  fuzz::expect(fuzz::score_bits(model) == before, "the scores from before the calls");
  fuzz::close_model(model);
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
    use_whole(arguments[i], random);
    files.push_back(fuzz::read_parts(arguments[i]));
  }
  fuzz::ModelCases fixed(arguments[4], files);
  fixed.run();
  std::vector<Parts> seeds = files;
  seeds.push_back(fixed.table_parts());
  int64_t done = 0;
  for (; done < cases && std::chrono::steady_clock::now() < end; done++) {
    fuzz::begin("case " + std::to_string(done));
    Parts parts = random.of(seeds);
    change(&parts.header, random);
    if (random.chance(10) && !parts.data.empty()) change_byte(&parts.data, random);
    if (random.chance(97)) fuzz::seal(&parts);
    write(changed, parts, random);
    use_changed(changed, random);
  }
  for (const auto& [function, times] : fuzz::calls()) std::printf("called %s\n", function.c_str());
  const fuzz::Counts& counts = fuzz::counts();
  std::printf(
      "seed %s: %lld cases, %lld models opened, %lld refused, %lld calls answered, %lld refused\n",
      arguments[1], static_cast<long long>(done), static_cast<long long>(counts.opened),
      static_cast<long long>(counts.refused), static_cast<long long>(counts.answered),
      static_cast<long long>(counts.failed));
  return 0;
}
