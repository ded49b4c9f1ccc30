// SPDX-License-Identifier: Apache-2.0
// Reads files that Java wrote with the C++ library, and prints the results for a comparison.
// encode SCHEMA.json ROWS [refuse|missing COLUMN...]: a line for each row. The file has for each
//   text the byte T, the text and the byte 0, or the byte N for NULL.
// accept FILES: for each schema of the file, each behind a line with its bytes, "ok" or its refusal.
// pvalue CALIBRATION.json WEIGHTS SCORES: the p-value of each score, a double of the file.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>

#include "model/calibration.hpp"
#include "model/row_encoder.hpp"
#include "model/sha256.hpp"

namespace {

using namespace vae4j::model;

std::string read(const char* file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void print_bits(const std::vector<float>& values) {
  for (float value : values) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    std::printf("%x ", value == value ? bits : 0x7fc00000);
  }
}

void print_bits(double value) {
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  std::printf("%llx\n", static_cast<unsigned long long>(bits));
}

RowEncoder encoder_of(int count, char** arguments) {
  auto schema = std::make_shared<Schema>(JsonValue::parse("schema.json", read(arguments[0])));
  if (count == 2) return RowEncoder(schema);
  bool refuse = std::strcmp(arguments[2], "refuse") == 0;
  return RowEncoder(schema, std::vector<std::string>(arguments + 3, arguments + count),
                    refuse ? RowEncoder::Absent::kRefuse : RowEncoder::Absent::kMissing);
}

void encode(int count, char** arguments) {
  RowEncoder encoder = encoder_of(count, arguments);
  std::vector<float> features(encoder.width());
  std::vector<float> mask(encoder.width());
  std::vector<float> condition(encoder.condition_width());
  std::string rows = read(arguments[1]);
  std::vector<const char*> texts;
  for (size_t at = 0; at < rows.size();) {
    texts.push_back(rows[at] == 'N' ? nullptr : &rows[at + 1]);
    at += texts.back() == nullptr ? 1 : std::strlen(texts.back()) + 2;
    if (texts.size() < encoder.columns()) continue;
    try {
      EncodedRow row{features.data(), mask.data(), condition.data(), 0};
      encoder.encode(texts.data(), &row);
      print_bits(features);
      print_bits(mask);
      print_bits(condition);
      print_bits(row.log_jacobian);
    } catch (const vae4j::Error& e) {
      std::printf("error: %s\n", e.what());
    }
    texts.clear();
  }
}

void accept(char** arguments) {
  std::string files = read(arguments[0]);
  for (size_t at = 0; at < files.size();) {
    size_t end = files.find('\n', at);
    size_t bytes = std::stoul(files.substr(at, end - at));
    try {
      RowEncoder encoder(
          std::make_shared<Schema>(JsonValue::parse("f", files.substr(end + 1, bytes))));
      std::printf("ok %d\n", encoder.width());
    } catch (const vae4j::Error& e) {
      std::printf("error %d: %s\n", static_cast<int>(e.status()), e.what());
    }
    at = end + 1 + bytes;
  }
}

void rank(char** arguments) {
  std::string weights = read(arguments[1]);
  Calibration calibration(JsonValue::parse("calibration.json", read(arguments[0])),
                          sha256(weights.data(), weights.size()));
  std::string scores = read(arguments[2]);
  std::printf("%d %lld %zu\n", calibration.samples(), static_cast<long long>(calibration.seed()),
              calibration.columns().size());
  print_bits(calibration.least());
  for (size_t at = 0; at < scores.size(); at += sizeof(double)) {
    double score;
    std::memcpy(&score, &scores[at], sizeof score);
    print_bits(calibration.p_value(score));
  }
}

}  // namespace

int main(int count, char** arguments) {
  try {
    if (std::strcmp(arguments[1], "pvalue") == 0) {
      rank(arguments + 2);
    } else if (std::strcmp(arguments[1], "accept") == 0) {
      accept(arguments + 2);
    } else {
      encode(count - 2, arguments + 2);
    }
  } catch (const vae4j::Error& e) {
    std::printf("error %d: %s\n", static_cast<int>(e.status()), e.what());
  }
}
