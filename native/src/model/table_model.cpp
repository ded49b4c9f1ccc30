// SPDX-License-Identifier: Apache-2.0
#include "model/table_model.hpp"

#include <unistd.h>

#include <limits>

#include "model/sha256.hpp"
#include "model/uses.hpp"

namespace vae4j::model {
namespace {

// Rows that are encoded before they are scored.
constexpr int64_t kBlock = 1024;

// Of io.github.vae4j.table.TableScorer, where there is no calibration.
constexpr int64_t kSamples = 64;

std::shared_ptr<const Schema> read_schema(const std::string& file, const std::string& text) {
  std::optional<JsonValue> json = JsonValue::parse(file, text).find("schema");
  return json ? std::make_shared<const Schema>(*json) : nullptr;
}

std::string read_text(const std::string& path) { return std::string(MappedFile(path).bytes()); }

}  // namespace

Error no_schema(const char* call) {
  return Error(VAE4J_INVALID_STATE,
               std::string(call) + ": the model is none of tables: it has no schema");
}

TableModel::TableModel(const std::string& file, const std::string& specification,
                       const std::string& calibration, const Arena& weights) {
  std::shared_ptr<const Schema> schema = read_schema(file + ": vae4j.model", specification);
  if (schema == nullptr) return;
  names_ = used_columns(*schema);
  encoder_.emplace(schema);
  if (access(calibration.c_str(), F_OK) != 0) return;
  try {
    calibration_.emplace(
        JsonValue::parse(calibration, read_text(calibration)),
        sha256(weights.values.get(), static_cast<size_t>(weights.length) * sizeof(float)));
    if (calibration_->samples() > kMostSamples) {
      throw damaged(calibration, "samples: expected at most " + std::to_string(kMostSamples));
    }
  } catch (const Error& e) {
    fault_ = std::string(e.what()) + "; without this file score_row gives no p-values";
  }
}

void TableModel::check(const std::string& file, int64_t features, int64_t conditions) const {
  if (encoder_ && (encoder_->width() != features || encoder_->condition_width() != conditions)) {
    throw damaged(file, "vae4j.model: the schema is not that of the model");
  }
}

void TableModel::score(const vae4j_model& model, const char* const* cells, int64_t rows,
                       int64_t samples, int64_t seed, vae4j_row_score* scores) const {
  if (!encoder_) {
    throw no_schema("score_row");
  }
  if (!fault_.empty()) throw Error(VAE4J_INVALID_ARGUMENT, fault_);
  require_range("score_row", "samples", samples, 0, kMostSamples);
  if (samples == 0) {
    samples = calibration_ ? calibration_->samples() : kSamples;
    seed = calibration_ ? calibration_->seed() : 0;
  }
  bool ranked = calibration_ && calibration_->samples() == samples && calibration_->seed() == seed;
  std::vector<float> x;
  std::vector<float> condition;
  std::vector<double> jacobians;
  std::vector<RowTerms> terms;
  for_passes(rows, kBlock, [&](int64_t first, int64_t count) {
    x.resize(static_cast<size_t>(count * model.features));
    condition.resize(static_cast<size_t>(count * model.conditions));
    jacobians.resize(static_cast<size_t>(count));
    terms.resize(static_cast<size_t>(count));
    for (int64_t row = 0; row < count; row++) {
      EncodedRow encoded{x.data() + row * model.features, nullptr,
                         condition.data() + row * model.conditions, 0};
      try {
        encoder_->encode(cells + (first + row) * columns(), &encoded);
      } catch (const Error& e) {
        throw Error(e.status(), "row " + std::to_string(first + row) + ": " + e.what());
      }
      jacobians[static_cast<size_t>(row)] = encoded.log_jacobian;
    }
    const float* given = model.conditions == 0 ? nullptr : condition.data();
    score_equally(model, InputRows(model, x.data(), given, count, first), jacobians.data(), samples,
                  seed, terms.data());
    for (int64_t row = 0; row < count; row++) {
      const RowTerms& own = terms[static_cast<size_t>(row)];
      double score = -(own.reconstruction - own.kl);
      scores[first + row] = {
          score, own.error,
          ranked ? calibration_->p_value(score) : std::numeric_limits<double>::quiet_NaN(), own.kl,
          own.log_likelihood};
    }
  });
}

}  // namespace vae4j::model
