// SPDX-License-Identifier: Apache-2.0
// Penalties on q(z): io.github.vae4j.backend.op.MmdPenalty, TotalCorrelation and its gradient have
// the mathematics. The rows that a row is compared with are transposed, (latent, rows), so that the
// inner loops run over contiguous rows.
#pragma once

#include "reparameterize.hpp"

namespace vae4j {
namespace VAE4J_ISA {
namespace {

// The number of rows that a row is compared with at once: their distances stay in the first-level
// cache.
constexpr int kMmdTile = 512;

void transpose(const float* source, int64_t begin, int64_t end, int columns, int64_t rows,
               float* out) {
  for (int64_t row = begin; row < end; row++) {
    for (int d = 0; d < columns; d++) out[d * rows + row] = source[row * columns + d];
  }
}

void transposed_normals(const Draw& draw, int64_t begin, int64_t end, int latent, int64_t rows,
                        float* out) {
  for_noise(draw, 0, begin, end, latent,
            [&](int64_t row, int first, int columns, const float* eps) {
              for (int d = 0; d < columns; d++) out[(first + d) * rows + row] = eps[d];
            });
}

// The kernel of code or draw `row` of x and rows [0, count) of y, summed. Unless slope is null, adds
// sign sum_j k^2 (x - y_j) to it.
double kernel_sum(const MmdArgs& args, const float* x, int64_t row, const float* y, int64_t count,
                  float sign, float* slope) {
  float squares[kMmdTile];
  double total = 0;
  for (int64_t begin = 0; begin < count; begin += kMmdTile) {
    int size = count - begin < kMmdTile ? static_cast<int>(count - begin) : kMmdTile;
    for (int j = 0; j < size; j++) squares[j] = 0;
    for (int d = 0; d < args.latent; d++) {
      float own = x[d * args.rows + row];
      const float* other = y + d * args.rows + begin;
#pragma omp simd
      for (int j = 0; j < size; j++) squares[j] += (own - other[j]) * (own - other[j]);
    }
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int j = 0; j < size; j++) {
      float k = args.kernel_scale / (args.kernel_scale + squares[j]);
      sum += k;
      squares[j] = k * k;
    }
    total += static_cast<double>(sum);
    if (slope == nullptr) continue;
    for (int d = 0; d < args.latent; d++) {
      float own = x[d * args.rows + row];
      const float* other = y + d * args.rows + begin;
      float pull = 0;
#pragma omp simd reduction(+ : pull)
      for (int j = 0; j < size; j++) pull += squares[j] * (own - other[j]);
      slope[d] += sign * pull;
    }
  }
  return total;
}

void mmd_rows(const MmdArgs& args, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end; i++) {
    float* slope = args.slopes + i * args.latent;
    for (int d = 0; d < args.latent; d++) slope[d] = 0;
    double codes = kernel_sum(args, args.codes, i, args.codes, args.rows, 1, slope);
    double mixed = kernel_sum(args, args.codes, i, args.prior, args.rows, -1, slope);
    // Each pair of draws once.
    double draws = 1 + 2 * kernel_sum(args, args.prior, i, args.prior, i, 0, nullptr);
    args.sums[i] = codes + draws - 2 * mixed;
    float* dz = args.dz + i * args.latent;
    for (int d = 0; d < args.latent; d++) dz[d] += args.factor * slope[d];
  }
}

// Means, exp(-logvar) and -1/2 (log(2 pi) + logvar) of rows [begin, end), transposed.
void prepare_densities(const DensityArgs& args, int64_t begin, int64_t end) {
  for (int64_t j = begin; j < end; j++) {
    const float* mu = args.stats + j * 2 * args.latent;
    const float* logvar = mu + args.latent;
    for (int d = 0; d < args.latent; d++) {
      float s = clamp(logvar[d], kMinLogvar, kMaxLogvar);
      args.mu[d * args.batch + j] = mu[d];
      args.precision[d * args.batch + j] = exp(-s);
      args.offset[d * args.batch + j] = -0.5f * (1.83787707f + s);
    }
  }
}

VAE4J_INLINE float log_density(float z, float mu, float precision, float offset) {
  return offset - 0.5f * ((z - mu) * (z - mu) * precision);
}

float log_sum(const float* values, int64_t count) {
  float largest = values[0];
#pragma omp simd reduction(max : largest)
  for (int64_t i = 0; i < count; i++) largest = values[i] > largest ? values[i] : largest;
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < count; i++) sum += exp(values[i] - largest);
  return largest + log(sum);
}

void correlation_rows(const DensityArgs& args, const CorrelationArgs& out, int64_t begin,
                      int64_t end, float* scratch) {
  int64_t batch = args.batch;
  float* share = scratch;
  float* terms = scratch + batch;
  for (int64_t r = begin; r < end; r++) {
    int64_t own = r / args.samples;
    const float* z = args.z + r * args.latent;
    for (int64_t j = 0; j < batch; j++) share[j] = args.log_other;
    share[own] = args.log_own;
    for (int d = 0; d < args.latent; d++) {
      const float* mu = args.mu + d * batch;
      const float* precision = args.precision + d * batch;
      const float* offset = args.offset + d * batch;
      float value = z[d];
#pragma omp simd
      for (int64_t j = 0; j < batch; j++) {
        share[j] += log_density(value, mu[j], precision[j], offset[j]);
      }
    }
    float joint = log_sum(share, batch);
    out.joint[r] = joint;
#pragma omp simd
    for (int64_t j = 0; j < batch; j++) share[j] = exp(share[j] - joint);
    double sum = static_cast<double>(joint);
    for (int d = 0; d < args.latent; d++) {
      const float* mu = args.mu + d * batch;
      const float* precision = args.precision + d * batch;
      const float* offset = args.offset + d * batch;
      float value = z[d];
#pragma omp simd
      for (int64_t j = 0; j < batch; j++) {
        terms[j] = args.log_other + log_density(value, mu[j], precision[j], offset[j]);
      }
      terms[own] = args.log_own + log_density(value, mu[own], precision[own], offset[own]);
      float marginal = log_sum(terms, batch);
      out.marginal[r * args.latent + d] = marginal;
      sum -= static_cast<double>(marginal);
      float slope = 0;
#pragma omp simd reduction(+ : slope)
      for (int64_t j = 0; j < batch; j++) {
        slope += (share[j] - exp(terms[j] - marginal)) * ((mu[j] - value) * precision[j]);
      }
      out.dz[r * args.latent + d] += args.factor * slope;
    }
    out.sums[r] = sum;
  }
}

void correlation_backward_rows(const DensityArgs& args, const CorrelationBackwardArgs& out,
                               int64_t begin, int64_t end, float* scratch) {
  int64_t rows = args.batch * args.samples;
  float* share = scratch;
  float* weight = scratch + rows;
  for (int64_t r = 0; r < rows; r++) weight[r] = args.log_other;
  for (int64_t j = begin; j < end; j++) {
    for (int64_t l = 0; l < args.samples; l++) weight[j * args.samples + l] = args.log_own;
    for (int64_t r = 0; r < rows; r++) share[r] = weight[r] - out.joint[r];
    for (int d = 0; d < args.latent; d++) {
      const float* z = out.codes + d * rows;
      int64_t at = d * args.batch + j;
      float mu = args.mu[at], precision = args.precision[at], offset = args.offset[at];
#pragma omp simd
      for (int64_t r = 0; r < rows; r++) share[r] += log_density(z[r], mu, precision, offset);
    }
#pragma omp simd
    for (int64_t r = 0; r < rows; r++) share[r] = exp(share[r]);
    float* dmu = out.dstats + j * 2 * args.latent;
    const float* logvar = args.stats + j * 2 * args.latent + args.latent;
    for (int d = 0; d < args.latent; d++) {
      const float* z = out.codes + d * rows;
      const float* marginal = out.marginals + d * rows;
      int64_t at = d * args.batch + j;
      float mu = args.mu[at], precision = args.precision[at], offset = args.offset[at];
      float mean = 0;
      float spread = 0;
#pragma omp simd reduction(+ : mean, spread)
      for (int64_t r = 0; r < rows; r++) {
        float log = log_density(z[r], mu, precision, offset);
        float excess = share[r] - exp(weight[r] + log - marginal[r]);
        float pull = (z[r] - mu) * precision;
        mean += excess * pull;
        spread += excess * ((z[r] - mu) * pull - 1.0f);
      }
      dmu[d] += args.factor * mean;
      bool clamped = logvar[d] < kMinLogvar || logvar[d] > kMaxLogvar;
      if (!clamped) dmu[args.latent + d] += 0.5f * args.factor * spread;
    }
    for (int64_t l = 0; l < args.samples; l++) weight[j * args.samples + l] = args.log_other;
  }
}

}  // namespace
}  // namespace VAE4J_ISA
}  // namespace vae4j
