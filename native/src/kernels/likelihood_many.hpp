// SPDX-License-Identifier: Apache-2.0
// Models whose number of parameters is a setting, and the multinomial, whose features depend on
// each other. io.github.vae4j.likelihood has the mathematics of each.
#pragma once

#include "likelihood_grey.hpp"

namespace vae4j {
namespace VAE4J_ISA {
namespace {

// The number of columns that one pass over their parameters computes.
constexpr int kLanes = 64;

// Less than every logit: the start of a search for the largest.
constexpr float kLeast = -3.4e38f;

// ---- categorical ------------------------------------------------------------------------------

// The number of parameters per column; 0 if there is no such model.
int categorical_parameters(const double* constants) {
  return constants[0] >= 2 && constants[0] <= 1 << 24 ? static_cast<int>(constants[0]) : 0;
}

template <bool kMask>
double categorical_lanes(const LikelihoodArgs& args, const LikelihoodRow& row, float scale,
                         int begin, int lanes) {
  int levels = categorical_parameters(args.constants);
  int64_t columns = args.columns;
  const float* parameters = row.parameters + begin;
  const float* x = row.x + begin;
  const float* mask = kMask ? row.mask + begin : nullptr;
  float largest[kLanes];
  float own[kLanes];
  float sum[kLanes];
  for (int d = 0; d < lanes; d++) {
    largest[d] = parameters[d];
    own[d] = parameters[d];
    sum[d] = 0;
  }
  for (int k = 1; k < levels; k++) {
    const float* logits = parameters + k * columns;
    float level = static_cast<float>(k);
#pragma omp simd
    for (int d = 0; d < lanes; d++) {
      largest[d] = logits[d] > largest[d] ? logits[d] : largest[d];
      own[d] = x[d] == level ? logits[d] : own[d];
    }
  }
  for (int k = 0; k < levels; k++) {
    const float* logits = parameters + k * columns;
#pragma omp simd
    for (int d = 0; d < lanes; d++) sum[d] += exp(logits[d] - largest[d]);
  }
  float nll = 0;
#pragma omp simd reduction(+ : nll)
  for (int d = 0; d < lanes; d++) {
    nll += keep(observed_bits<kMask>(mask, d), (largest[d] - own[d]) + log(sum[d]));
  }
  if (row.gradient != nullptr) {
    for (int k = 0; k < levels; k++) {
      const float* logits = parameters + k * columns;
      float* gradient = row.gradient + begin + k * columns;
      float level = static_cast<float>(k);
#pragma omp simd
      for (int d = 0; d < lanes; d++) {
        float slope = exp(logits[d] - largest[d]) / sum[d] - (x[d] == level ? 1.0f : 0.0f);
        gradient[d] = keep(observed_bits<kMask>(mask, d), scale * slope);
      }
    }
  }
  return nll;
}

double categorical_row(const LikelihoodArgs& args, int64_t index, float scale, double*) {
  LikelihoodRow row(args, index, args.gradient != nullptr);
  double sum = 0;
  for (int d = 0; d < args.columns; d += kLanes) {
    int lanes = args.columns - d < kLanes ? args.columns - d : kLanes;
    sum += row.mask == nullptr ? categorical_lanes<false>(args, row, scale, d, lanes)
                               : categorical_lanes<true>(args, row, scale, d, lanes);
  }
  return sum;
}

void categorical_tile(const LikelihoodArgs& args, const LikelihoodTile& tile, double* nll) {
  int levels = categorical_parameters(args.constants);
  int columns = args.columns;
  for (int d = 0; d < columns; d++) {
    TileColumn column(args, tile, d);
    const float* parameters = tile.parameters + d * kTileRows;
    float largest[kTileRows];
    float own[kTileRows];
    float sum[kTileRows] = {};
    for (int lane = 0; lane < kTileRows; lane++) {
      largest[lane] = parameters[lane];
      own[lane] = parameters[lane];
    }
    for (int k = 1; k < levels; k++) {
      const float* logits = parameters + k * columns * kTileRows;
      float level = static_cast<float>(k);
#pragma omp simd
      for (int lane = 0; lane < kTileRows; lane++) {
        largest[lane] = logits[lane] > largest[lane] ? logits[lane] : largest[lane];
        own[lane] = column.x[lane] == level ? logits[lane] : own[lane];
      }
    }
    for (int k = 0; k < levels; k++) {
      const float* logits = parameters + k * columns * kTileRows;
#pragma omp simd
      for (int lane = 0; lane < kTileRows; lane++) sum[lane] += exp(logits[lane] - largest[lane]);
    }
#pragma omp simd
    for (int lane = 0; lane < kTileRows; lane++) {
      double term = (largest[lane] - own[lane]) + log(sum[lane]);
      nll[lane] += keep(column.here[lane], term);
    }
  }
}

// ---- discretized-logistic-mixture -------------------------------------------------------------

// The limit of the Java class.
constexpr int kMostComponents = 256;
// Fewer, because values are stored for each component.
constexpr int kMixtureLanes = 16;

int mixture_parameters(const double* constants) {
  bool possible = constants[0] >= 1 && constants[0] <= kMostComponents;
  return possible ? 3 * static_cast<int>(constants[0]) : 0;
}

template <bool kGradient, bool kMask>
double mixture_lanes(const LikelihoodArgs& args, const LikelihoodRow& row, float scale, int begin,
                     int lanes) {
  DiscretizedLogistic component(args.constants + 1, nullptr);
  int components = static_cast<int>(args.constants[0]);
  int64_t columns = args.columns;
  const int64_t means_at = components * columns;
  const int64_t log_scales_at = 2 * means_at;
  const float* logits = row.parameters + begin;
  const float* x = row.x + begin;
  const float* mask = kMask ? row.mask + begin : nullptr;
  // The gradients may be in the memory of the parameters: a component's slopes replace its mean and
  // log scale after both are read, the slope of its logit replaces the logit at the end.
  float* gradient = kGradient ? row.gradient + begin : nullptr;
  float joint[kMostComponents][kMixtureLanes];  // log mass + logit - the largest logit
  float largest_logit[kMixtureLanes];
  float largest_joint[kMixtureLanes];
  float logit_sum[kMixtureLanes];
  float joint_sum[kMixtureLanes];
  for (int d = 0; d < lanes; d++) {
    largest_logit[d] = kLeast;
    largest_joint[d] = kLeast;
    logit_sum[d] = 0.0f;
    joint_sum[d] = 0.0f;
  }
  for (int k = 0; k < components; k++) {
#pragma omp simd
    for (int d = 0; d < lanes; d++) {
      largest_logit[d] = at_least(largest_logit[d], logits[k * columns + d]);
    }
  }
  for (int k = 0; k < components; k++) {
    int64_t at = k * columns;
    float* own = joint[k];
#pragma omp simd
    for (int d = 0; d < lanes; d++) {
      const float p[2] = {logits[means_at + at + d], logits[log_scales_at + at + d]};
      float g[2];
      own[d] = (logits[at + d] - largest_logit[d]) -
               component(p, keep(observed_bits<kMask>(mask, d), x[d]), g);
      largest_joint[d] = at_least(largest_joint[d], own[d]);
      if (kGradient) {
        gradient[means_at + at + d] = g[0];
        gradient[log_scales_at + at + d] = g[1];
      }
    }
  }
  for (int k = 0; k < components; k++) {
    const float* own = joint[k];
#pragma omp simd
    for (int d = 0; d < lanes; d++) {
      logit_sum[d] += exp(logits[k * columns + d] - largest_logit[d]);
      joint_sum[d] += exp(own[d] - largest_joint[d]);
    }
  }
  float nll = 0;
#pragma omp simd reduction(+ : nll)
  for (int d = 0; d < lanes; d++) {
    float own = (log(logit_sum[d]) - log(joint_sum[d])) - largest_joint[d];
    nll += keep(observed_bits<kMask>(mask, d), own);
  }
  for (int k = 0; k < components && kGradient; k++) {
    int64_t at = k * columns;
    const float* own = joint[k];
#pragma omp simd
    for (int d = 0; d < lanes; d++) {
      uint32_t here = observed_bits<kMask>(mask, d);
      float weight = exp(logits[at + d] - largest_logit[d]) / logit_sum[d];
      float share = exp(own[d] - largest_joint[d]) / joint_sum[d];
      float* d_logit = gradient + at + d;
      float* d_mean = d_logit + means_at;
      float* d_log_scale = d_logit + log_scales_at;
      *d_logit = keep(here, scale * (weight - share));
      *d_mean = keep(here, scale * share * *d_mean);
      *d_log_scale = keep(here, scale * share * *d_log_scale);
    }
  }
  return nll;
}

template <bool kGradient, bool kMask>
double mixture_row(const LikelihoodArgs& args, const LikelihoodRow& row, float scale) {
  double sum = 0;
  for (int d = 0; d < args.columns; d += kMixtureLanes) {
    int lanes = args.columns - d < kMixtureLanes ? args.columns - d : kMixtureLanes;
    sum += mixture_lanes<kGradient, kMask>(args, row, scale, d, lanes);
  }
  return sum;
}

double mixture_row(const LikelihoodArgs& args, int64_t index, float scale, double*) {
  bool gradient = args.gradient != nullptr;
  LikelihoodRow row(args, index, gradient);
  if (row.mask == nullptr) {
    return gradient ? mixture_row<true, false>(args, row, scale)
                    : mixture_row<false, false>(args, row, scale);
  }
  return gradient ? mixture_row<true, true>(args, row, scale)
                  : mixture_row<false, true>(args, row, scale);
}

// ---- multinomial ------------------------------------------------------------------------------

int multinomial_parameters(const double*) { return 1; }

template <bool kMask>
double multinomial_row(const LikelihoodArgs& args, const LikelihoodRow& row, float scale) {
  const float* logits = row.parameters;
  const float* x = row.x;
  const float* mask = row.mask;
  int columns = args.columns;
  float largest = kLeast;
#pragma omp simd reduction(max : largest)
  for (int d = 0; d < columns; d++) {
    float logit = kMask && mask[d] == 0.0f ? kLeast : logits[d];
    largest = logit > largest ? logit : largest;
  }
  double sum = 0;
  double count = 0;
  double below = 0;
#pragma omp simd reduction(+ : sum, count, below)
  for (int d = 0; d < columns; d++) {
    uint32_t here = observed_bits<kMask>(mask, d);
    double value = keep(here, x[d]);
    double gap = keep(here, static_cast<double>(largest) - logits[d]);
    sum += keep(here, exp(-gap));
    count += value;
    below += value * gap;
  }
  double factorials = 0;
  if (!(count <= 1)) {
#pragma omp simd reduction(+ : factorials)
    for (int d = 0; d < columns; d++) {
      uint32_t here = observed_bits<kMask>(mask, d);
      factorials += keep(here, log_factorial(static_cast<double>(keep(here, x[d]))));
    }
    factorials -= log_factorial(count);
  }
  if (row.gradient != nullptr) {
    double each = count / sum;
    float* gradient = row.gradient;
#pragma omp simd
    for (int d = 0; d < columns; d++) {
      uint32_t here = observed_bits<kMask>(mask, d);
      double gap = keep(here, static_cast<double>(largest) - logits[d]);
      double slope = each * exp(-gap) - keep(here, x[d]);
      gradient[d] = keep(here, static_cast<float>(scale * slope));
    }
  }
  // Where nothing is observed, the sum is empty and so is the row.
  return sum == 0 ? 0 : factorials + (count * log(sum) + below);
}

void multinomial_tile(const LikelihoodArgs& args, const LikelihoodTile& tile, double* nll) {
  float largest[kTileRows];
  for (float& each : largest) each = kLeast;
  for (int d = 0; d < args.columns; d++) {
    TileColumn column(args, tile, d);
    const float* logits = tile.parameters + d * kTileRows;
#pragma omp simd
    for (int lane = 0; lane < kTileRows; lane++) {
      float logit = column.here[lane] == 0 ? kLeast : logits[lane];
      largest[lane] = logit > largest[lane] ? logit : largest[lane];
    }
  }
  double sum[kTileRows] = {};
  double count[kTileRows] = {};
  double below[kTileRows] = {};
  for (int d = 0; d < args.columns; d++) {
    TileColumn column(args, tile, d);
    const float* logits = tile.parameters + d * kTileRows;
#pragma omp simd
    for (int lane = 0; lane < kTileRows; lane++) {
      uint32_t here = column.here[lane];
      double value = column.x[lane];
      double gap = keep(here, static_cast<double>(largest[lane]) - logits[lane]);
      sum[lane] += keep(here, exp(-gap));
      count[lane] += value;
      below[lane] += value * gap;
    }
  }
  double factorials[kTileRows] = {};
  bool many = false;
  for (double each : count) many |= !(each <= 1);
  if (many) {
    for (int d = 0; d < args.columns; d++) {
      TileColumn column(args, tile, d);
#pragma omp simd
      for (int lane = 0; lane < kTileRows; lane++) {
        double value = column.x[lane];
        factorials[lane] += keep(column.here[lane], log_factorial(value));
      }
    }
#pragma omp simd
    for (int lane = 0; lane < kTileRows; lane++) {
      double term = factorials[lane] - log_factorial(count[lane]);
      factorials[lane] = count[lane] <= 1.0 ? 0.0 : term;
    }
  }
#pragma omp simd
  for (int lane = 0; lane < kTileRows; lane++) {
    double own = factorials[lane] + (count[lane] * log(sum[lane]) + below[lane]);
    nll[lane] += sum[lane] == 0.0 ? 0.0 : own;
  }
}

double multinomial_row(const LikelihoodArgs& args, int64_t index, float scale, double*) {
  LikelihoodRow row(args, index, args.gradient != nullptr);
  return row.mask == nullptr ? multinomial_row<false>(args, row, scale)
                             : multinomial_row<true>(args, row, scale);
}

}  // namespace
}  // namespace VAE4J_ISA
}  // namespace vae4j
