// SPDX-License-Identifier: Apache-2.0
// Rows of features that are independent given the parameters. A model is a small functor: it is
// made from its constants and the shared parameter, takes the P parameters of one feature and x,
// and returns the nll and P gradients, then that of the shared parameter, if there is one. Value is
// the type of its computation and of the inner sums.
#pragma once

#include "elements64.hpp"
#include "kernels.hpp"

namespace vae4j {
namespace VAE4J_ISA {
namespace {

// Features are summed as Value within blocks of this many, in double across blocks.
constexpr int kFeatureBlock = 1024;

// All bits where a feature is observed, else none. They select a value or 0, because the compiler
// turns some conditional expressions into branches, which prevents SIMD code.
template <bool kMask>
VAE4J_INLINE uint32_t observed_bits(const float* mask, int d) {
  return !kMask || mask[d] != 0.0f ? ~uint32_t{0} : uint32_t{0};
}

VAE4J_INLINE float keep(uint32_t bits, float value) { return from_bits(to_bits(value) & bits); }

VAE4J_INLINE double keep(uint32_t bits, double value) {
  return from_bits(to_bits(value) & (uint64_t{bits} << 32 | bits));
}

// The addresses of a row's numbers for a block of columns.
struct LikelihoodRow {
  const float* parameters;
  const float* x;
  const float* mask;  // or null
  float* gradient;    // or null

  LikelihoodRow(const LikelihoodArgs& args, int64_t row, bool with_gradient)
      : parameters(args.parameters + row * args.width),
        x(args.x + row / args.samples * args.features),
        mask(args.mask == nullptr ? nullptr : args.mask + row / args.samples * args.features),
        gradient(with_gradient ? args.gradient + row * args.width : nullptr) {}
};

template <class Value>
struct FeatureSums {
  Value nll;
  Value dshared;
};

template <class Model, bool kGradient, bool kMask>
FeatureSums<typename Model::Value> feature_block(const Model& model, const LikelihoodArgs& args,
                                                 const LikelihoodRow& row, float scale, int begin,
                                                 int end) {
  using Value = typename Model::Value;
  constexpr int kP = Model::kParameters;
  constexpr int kAll = kP + Model::kShared;
  int64_t columns = args.columns;
  const float* parameters = row.parameters;
  const float* x = row.x;
  const float* mask = row.mask;
  float* gradient = row.gradient;
  Value sum = 0;
  Value dshared = 0;
#pragma omp simd reduction(+ : sum, dshared)
  for (int d = begin; d < end; d++) {
    float p[kP];
    Value g[kAll];
    for (int k = 0; k < kP; k++) p[k] = parameters[k * columns + d];
    uint32_t here = observed_bits<kMask>(mask, d);
    sum += keep(here, model(p, keep(here, x[d]), g));
    if (kGradient) {
      for (int k = 0; k < kP; k++) {
        gradient[k * columns + d] = keep(here, static_cast<float>(scale * g[k]));
      }
      if (Model::kShared > 0) dshared += keep(here, g[kAll - 1]);
    }
  }
  return {sum, dshared};
}

template <class Model, bool kGradient, bool kMask>
double feature_row(const Model& model, const LikelihoodArgs& args, const LikelihoodRow& row,
                   float scale, double* dshared) {
  double sum = 0;
  double shared_sum = 0;
  for (int d = 0; d < args.columns; d += kFeatureBlock) {
    int stop = args.columns - d < kFeatureBlock ? args.columns : d + kFeatureBlock;
    auto sums = feature_block<Model, kGradient, kMask>(model, args, row, scale, d, stop);
    sum += sums.nll;
    shared_sum += sums.dshared;
  }
  if (kGradient && Model::kShared > 0) *dshared = static_cast<double>(scale) * shared_sum;
  return sum;
}

template <class Model>
double feature_row(const LikelihoodArgs& args, int64_t index, float scale, double* dshared) {
  Model model(args.constants, args.shared);
  bool gradient = args.gradient != nullptr;
  LikelihoodRow row(args, index, gradient);
  if (row.mask == nullptr) {
    return gradient ? feature_row<Model, true, false>(model, args, row, scale, dshared)
                    : feature_row<Model, false, false>(model, args, row, scale, dshared);
  }
  return gradient ? feature_row<Model, true, true>(model, args, row, scale, dshared)
                  : feature_row<Model, false, true>(model, args, row, scale, dshared);
}

// The bits of observed values of a column in each row of a tile, and the values, 0 where they are
// not observed.
struct TileColumn {
  uint32_t here[kTileRows];
  float x[kTileRows];

  TileColumn(const LikelihoodArgs& args, const LikelihoodTile& tile, int d) {
    for (int lane = 0; lane < (tile.one_x ? 1 : kTileRows); lane++) {
      int64_t at = tile.x[lane] + d;
      bool observed = args.mask == nullptr || args.mask[at] != 0.0f;
      here[lane] = observed ? ~uint32_t{0} : uint32_t{0};
      x[lane] = observed ? args.x[at] : 0.0f;
    }
    for (int lane = 1; tile.one_x && lane < kTileRows; lane++) {
      here[lane] = here[0];
      x[lane] = x[0];
    }
  }
};

template <class Model>
void feature_tile(const LikelihoodArgs& args, const LikelihoodTile& tile, double* nll) {
  constexpr int kP = Model::kParameters;
  Model model(args.constants, args.shared);
  int columns = args.columns;
  for (int d = 0; d < columns; d++) {
    TileColumn column(args, tile, d);
#pragma omp simd
    for (int lane = 0; lane < kTileRows; lane++) {
      float p[kP];
      typename Model::Value ignored[kP + Model::kShared];
      for (int k = 0; k < kP; k++) p[k] = tile.parameters[(k * columns + d) * kTileRows + lane];
      double own = model(p, column.x[lane], ignored);
      nll[lane] += keep(column.here[lane], own);
    }
  }
}

template <class Model>
int feature_parameters(const double*) {
  return Model::kParameters;
}

template <class Model>
constexpr LikelihoodKernel feature_kernel(const char* name) {
  static_assert(Model::kShared <= 1, "one shared parameter at most");
  return {
      name,    Model::kConstants,  Model::kShared, feature_parameters<Model>, feature_row<Model>,
      nullptr, feature_tile<Model>};
}

}  // namespace
}  // namespace VAE4J_ISA
}  // namespace vae4j
