// SPDX-License-Identifier: Apache-2.0
// Sampling from the posterior and its KL: io.github.vae4j.backend.op.Reparameterize has the
// mathematics. Noise is drawn in tiles that stay in the first-level cache: several rows if they are
// short, else a part of one row.
#pragma once

#include "philox.hpp"

namespace vae4j {
namespace VAE4J_ISA {
namespace {

constexpr float kMinLogvar = -30.0f;
constexpr float kMaxLogvar = 20.0f;

// Calls visit(row, first column, columns, eps) for all noise of rows [begin, end), row by row and
// in the order of columns.
template <class Visit>
void for_noise(const Draw& draw, uint32_t first_row, int64_t begin, int64_t end, int latent,
               Visit visit) {
  float eps[4 * kDrawBlocks];
  int row_blocks = (latent + 3) / 4;
  int tile_blocks = row_blocks < kDrawBlocks ? row_blocks : kDrawBlocks;
  int tile_rows = kDrawBlocks / tile_blocks;
  for (int64_t row = begin; row < end; row += tile_rows) {
    int rows = end - row < tile_rows ? static_cast<int>(end - row) : tile_rows;
    for (int block = 0; block < row_blocks; block += tile_blocks) {
      int blocks = row_blocks - block < tile_blocks ? row_blocks - block : tile_blocks;
      normals(draw, first_row + static_cast<uint32_t>(row), rows, static_cast<uint32_t>(block),
              blocks, eps);
      int columns = latent - 4 * block < 4 * blocks ? latent - 4 * block : 4 * blocks;
      for (int r = 0; r < rows; r++) visit(row + r, 4 * block, columns, eps + 4 * blocks * r);
    }
  }
}

float kl_of_row(const float* mu, const float* logvar, int latent, float* kl_sums) {
  float kl = 0;
#pragma omp simd reduction(+ : kl)
  for (int j = 0; j < latent; j++) {
    float s = clamp(logvar[j], kMinLogvar, kMaxLogvar);
    // expm1 is accurate where exp(s) - 1 - s is not, near the prior.
    float term = 0.5f * ((expm1(s) - s) + mu[j] * mu[j]);
    kl += term;
    if (kl_sums != nullptr) kl_sums[j] += term;
  }
  return kl;
}

void reparameterize(const ReparameterizeArgs& args, int begin, int end, float* kl_sums) {
  int latent = args.latent;
  if (kl_sums != nullptr) {
    for (int j = 0; j < latent; j++) kl_sums[j] = 0;
  }
  for (int b = begin; b < end; b++) {
    const float* mu = args.stats + static_cast<int64_t>(b) * 2 * latent;
    args.kl[b] = kl_of_row(mu, mu + latent, latent, kl_sums);
  }
  for_noise(args.draw, args.first_row, static_cast<int64_t>(begin) * args.samples,
            static_cast<int64_t>(end) * args.samples, latent,
            [&](int64_t row, int first, int columns, const float* eps) {
              const float* mu = args.stats + row / args.samples * 2 * latent + first;
              const float* logvar = mu + latent;
              float* z = args.z + row * latent + first;
              float ratio = 0;
#pragma omp simd reduction(+ : ratio)
              for (int j = 0; j < columns; j++) {
                float s = clamp(logvar[j], kMinLogvar, kMaxLogvar);
                float value = mu[j] + exp(0.5f * s) * eps[j];
                z[j] = value;
                ratio += 0.5f * (eps[j] * eps[j] + s - value * value);
              }
              if (args.log_ratio != nullptr) {
                args.log_ratio[row] = first == 0 ? ratio : args.log_ratio[row] + ratio;
              }
            });
}

// The mean of the weights of a row's samples, given the last of them.
float mean_weight(const ReparameterizeBackwardArgs& args, int64_t last) {
  if (args.weight == nullptr) return 1;
  float sum = 0;
  for (int64_t row = last - args.samples + 1; row <= last; row++) sum += args.weight[row];
  return sum / static_cast<float>(args.samples);
}

template <Estimator kind>
void backward(const ReparameterizeBackwardArgs& args, int begin, int end) {
  int latent = args.latent;
  float one = 1.0f / static_cast<float>(args.samples);
  for_noise(args.draw, args.first_row, static_cast<int64_t>(begin) * args.samples,
            static_cast<int64_t>(end) * args.samples, latent,
            [&](int64_t row, int first, int columns, const float* eps) {
              const float* mu = args.stats + row / args.samples * 2 * latent + first;
              const float* logvar = mu + latent;
              const float* dz = args.dz + row * latent + first;
              float* dmu = args.dstats + row / args.samples * 2 * latent + first;
              float* dlogvar = dmu + latent;
              float weight = args.weight == nullptr ? 1.0f : args.weight[row];
              float share = args.kl_weight * weight * one;
              float gate = weight * static_cast<float>(args.groups) * one;
              bool first_sample = row % args.samples == 0;
    // The sums over a row's samples, in the gradient itself.
#pragma omp simd
              for (int j = 0; j < columns; j++) {
                float slope = dz[j];
                if constexpr (kind != Estimator::kAnalytic) {
                  float sigma = exp(0.5f * clamp(logvar[j], kMinLogvar, kMaxLogvar));
                  float z = mu[j] + sigma * eps[j];
                  if constexpr (kind == Estimator::kSampled) {
                    slope += share * z;
                  } else {
                    slope = gate * (slope + share * (z - eps[j] / sigma));
                  }
                }
                dmu[j] = (first_sample ? 0.0f : dmu[j]) + slope;
                dlogvar[j] = (first_sample ? 0.0f : dlogvar[j]) + slope * eps[j];
              }
              if (row % args.samples != args.samples - 1) return;
              float kl_weight = args.kl_weight * mean_weight(args, row);
              const float* nats = args.kl_per_dimension;
#pragma omp simd
              for (int j = 0; j < columns; j++) {
                float s = clamp(logvar[j], kMinLogvar, kMaxLogvar);
                bool clamped = logvar[j] < kMinLogvar || logvar[j] > kMaxLogvar;
                float slope = dlogvar[j] * exp(0.5f * s);
                if constexpr (kind == Estimator::kAnalytic) {
                  bool free = nats != nullptr && nats[first + j] < args.free_bits;
                  float g = free ? 0.0f : kl_weight;
                  slope += g * expm1(s);
                  dmu[j] += g * mu[j];
                } else if constexpr (kind == Estimator::kSampled) {
                  slope -= kl_weight;
                }
                dlogvar[j] = clamped ? 0.0f : 0.5f * slope;
              }
            });
}

void reparameterize_backward(const ReparameterizeBackwardArgs& args, int begin, int end) {
  switch (args.estimator) {
    case Estimator::kAnalytic:
      return backward<Estimator::kAnalytic>(args, begin, end);
    case Estimator::kSampled:
      return backward<Estimator::kSampled>(args, begin, end);
    case Estimator::kDoublyReparameterized:
      return backward<Estimator::kDoublyReparameterized>(args, begin, end);
  }
}

}  // namespace
}  // namespace VAE4J_ISA
}  // namespace vae4j
