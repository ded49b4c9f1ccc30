// SPDX-License-Identifier: Apache-2.0
// The negative log-likelihood of each row and its gradient in one pass. An observation model is a
// small functor in likelihood_real.cuh, likelihood_grey.cuh or likelihood_count.cuh (one feature at
// a time, a fixed number of parameters) or a loop of its own over a row's columns in
// likelihood_many.cuh. A new model needs one of the two, a file likelihood_<name>.cu with
// LIKELIHOOD_KERNELS, and a line in likelihood_composite.cu.
//
// Maths (io.github.vae4j.backend.op.LikelihoodLoss): nll[r] = sum_d nll(parameters[r, :, d],
//   shared, x[r / L, d]) over the features whose mask is 1; dParameters = scale w[r] d nll / d
//   parameters; dShared = scale sum_r w[r] d nll / d shared.
// Shapes: parameters (B L, P D) as P blocks of D, x and mask (B, D), weights (B) or (B L), nll (B
//   L), dParameters like parameters, may be the same memory; mask, weights, dParameters, shared and
//   dShared may be null; slopes (B L) and counter (1) scratch, where there is a dShared.
// Bytes: reads 4 B L D (P + 1), 4 B L D of the mask, writes 4 B L D P; 4 B L of nll.
// Launch: blocks of 256, `lanes` threads a row (a power of two up to 256). The kernels without
//   _masked are for no mask and no weights.
#pragma once

#include "dependent.cuh"
#include "reduce.cuh"
#include "vector.cuh"

/** A likelihood's settings, in the order of Likelihood.constants(). */
struct Constants {
  float value[4];
};

/** The operands of a launch. */
struct Loss {
  const float* parameters;
  const float* shared;
  const float* x;
  const float* mask;
  const float* weights;
  float* nll;
  float* d_parameters;
  float* d_shared;
  float* slopes;
  unsigned* counter;
  int rows;
  int samples;
  int rows_per_weight;
  int features;
  int width;
  float scale;
  int lanes;
};

/**
 * One row of a launch, which `lanes` neighbouring threads share, and the number of this lane. A
 * thread beyond the last row is a lane beyond the last column: it only takes part in the operations
 * of all threads.
 */
struct Row {
  int index;
  int lane;
  float scale;
};

template <bool kMasked>
__device__ __forceinline__ Row own_row(const Loss& loss) {
  Row row;
  row.index = blockIdx.x * (256 / loss.lanes) + threadIdx.x / loss.lanes;
  bool live = row.index < loss.rows;
  row.lane = live ? threadIdx.x & (loss.lanes - 1) : loss.features;
  row.scale = loss.scale;
  if (kMasked && loss.weights != nullptr && live) {
    row.scale *= loss.weights[row.index / loss.rows_per_weight];
  }
  return row;
}

/** The addresses of a row's numbers for `count` neighbouring columns. */
struct Columns {
  const Loss& loss;
  long long at;    // of their parameters and gradients
  long long x_at;  // of their x and mask
  int count;
  int lane;
  float scale;
  bool parameters_aligned;
  bool x_aligned;
  bool mask_aligned;
  bool gradient_aligned;

  /** `count` columns from `column` on, whose parameters start at `parameter`. */
  __device__ __forceinline__ Columns(const Loss& loss, const Row& row, int column, int count,
                                     int parameter)
      : loss(loss),
        at((long long)row.index * loss.width + parameter),
        x_at((long long)(row.index / loss.samples) * loss.features + column),
        count(count),
        lane(row.lane),
        scale(row.scale),
        parameters_aligned(quads_aligned(loss.parameters + parameter, loss.width | count)),
        x_aligned(quads_aligned(loss.x + column, loss.features)),
        mask_aligned(quads_aligned(loss.mask + column, loss.features)),
        gradient_aligned(quads_aligned(loss.d_parameters + parameter, loss.width | count)) {}

  /** Parameter k of column d. A row's parameters are few enough to be counted in an int. */
  __device__ __forceinline__ const float* parameter(int k, int d) const {
    return loss.parameters + (at + (k * count + d));
  }

  __device__ __forceinline__ float* gradient(int k, int d) const {
    return loss.d_parameters + (at + (k * count + d));
  }

  __device__ __forceinline__ const float* x(int d) const { return loss.x + (x_at + d); }

  __device__ __forceinline__ const float* mask(int d) const { return loss.mask + (x_at + d); }

  template <bool kMasked>
  __device__ __forceinline__ bool observed(int d) const {
    return !kMasked || loss.mask == nullptr || *mask(d) != 0.0f;
  }

  /** A gradient as it is written: 0, and not 0 times infinity, for a row of weight 0. */
  template <bool kMasked, typename Value>
  __device__ __forceinline__ float scaled(Value slope) const {
    return kMasked && scale == 0.0f ? 0.0f : (float)(scale * slope);
  }
};

/** A thread's sums over its columns: of the nll and of d nll / d shared. */
struct Sums {
  float nll;
  float slope;
};

/** Four neighbouring features per thread: for models in float32, which are bound by memory. */
template <bool kMasked, typename Model>
__device__ __forceinline__ Sums walk_quads(const Model& model, const Columns& columns) {
  constexpr int kParameters = Model::kParameters;
  constexpr int kAll = kParameters + Model::kShared;
  const Loss& loss = columns.loss;
  Sums sums = {0.0f, 0.0f};
#pragma unroll 1
  for (int column = 4 * columns.lane; column < columns.count; column += 4 * loss.lanes) {
    int count = columns.count - column;
    Quad given = load_quad(columns.x(column), count, columns.x_aligned);
    Quad here = {{1.0f, 1.0f, 1.0f, 1.0f}};
    if (kMasked && loss.mask != nullptr) {
      here = load_quad(columns.mask(column), count, columns.mask_aligned);
    }
    Quad p[kParameters];
    Quad d[kParameters];
#pragma unroll
    for (int k = 0; k < kParameters; k++) {
      p[k] = load_quad(columns.parameter(k, column), count, columns.parameters_aligned);
    }
#pragma unroll
    for (int i = 0; i < 4; i++) {
      float own[kParameters];
      float gradient[kAll];
#pragma unroll
      for (int k = 0; k < kParameters; k++) {
        own[k] = p[k].v[i];
      }
      float value = model.nll(own, given.v[i], gradient);
      bool missing = kMasked && here.v[i] == 0.0f;
      sums.nll += i < count && !missing ? value : 0.0f;
      if (Model::kShared > 0) {
        sums.slope += i < count && !missing ? gradient[kAll - 1] : 0.0f;
      }
#pragma unroll
      for (int k = 0; k < kParameters; k++) {
        d[k].v[i] = missing ? 0.0f : columns.scaled<kMasked>(gradient[k]);
      }
    }
    if (loss.d_parameters != nullptr) {
#pragma unroll
      for (int k = 0; k < kParameters; k++) {
        store_quad(columns.gradient(k, column), d[k], count, columns.gradient_aligned);
      }
    }
  }
  return sums;
}

/** One feature per thread: for models in float64, as four at once would not fit the registers. */
template <bool kMasked, typename Model>
__device__ __forceinline__ Sums walk_singles(const Model& model, const Columns& columns) {
  constexpr int kParameters = Model::kParameters;
  constexpr int kAll = kParameters + Model::kShared;
  const Loss& loss = columns.loss;
  Sums sums = {0.0f, 0.0f};
#pragma unroll 1
  for (int d = columns.lane; d < columns.count; d += loss.lanes) {
    float own[kParameters];
    typename Model::Value gradient[kAll] = {};
#pragma unroll
    for (int k = 0; k < kParameters; k++) {
      own[k] = *columns.parameter(k, d);
    }
    if (columns.observed<kMasked>(d)) {
      sums.nll += (float)model.nll(own, *columns.x(d), gradient);
      if (Model::kShared > 0) {
        sums.slope += (float)gradient[kAll - 1];
      }
    }
    if (loss.d_parameters != nullptr) {
#pragma unroll
      for (int k = 0; k < kParameters; k++) {
        *columns.gradient(k, d) = columns.scaled<kMasked>(gradient[k]);
      }
    }
  }
  return sums;
}

/** The likelihood of a functor: features that are independent given the parameters. */
template <typename Model, bool kQuads = sizeof(typename Model::Value) == sizeof(float)>
struct Features {
  static constexpr int kShared = Model::kShared;

  template <bool kMasked>
  static __device__ __forceinline__ Sums row(const Constants& constants, const float* shared,
                                             const Columns& columns) {
    const Model model(constants, shared);
    if constexpr (kQuads) {
      return walk_quads<kMasked>(model, columns);
    } else {
      return walk_singles<kMasked>(model, columns);
    }
  }
};

/** Stores a row's term of a shared parameter's gradient for sum_slopes. */
__device__ __forceinline__ void keep_slope(float slope, const Row& row, int lanes, float* slopes,
                                           float* partial) {
  slope = row_sum(slope, lanes, partial);
  if (row.lane == 0) {
    slopes[row.index] = row.scale == 0.0f ? 0.0f : row.scale * slope;
  }
}

/** The sum of keep_slope's terms over all rows, in their order; for a grid's last block. */
__device__ __forceinline__ void sum_slopes(const float* slopes, int rows, float* d_shared) {
  __shared__ double partial[8];
  double sum = 0;
  for (int r = threadIdx.x; r < rows; r += 256) {
    sum += (double)__ldcg(slopes + r);
  }
  __syncthreads();
  sum = row_sum(sum, 256, partial);
  if (threadIdx.x == 0) {
    *d_shared = (float)sum;
  }
}

template <typename Likelihood, bool kMasked>
__device__ __forceinline__ void likelihood_rows(const Loss& loss, const Constants& constants) {
  __shared__ float partial[8];
  Row row = own_row<kMasked>(loss);
  Columns columns(loss, row, 0, loss.features, 0);
  Sums sums = Likelihood::template row<kMasked>(constants, loss.shared, columns);
  float nll = row_sum(sums.nll, loss.lanes, partial);
  if (row.lane == 0) {
    loss.nll[row.index] = nll;
  }
  if constexpr (Likelihood::kShared > 0) {
    __shared__ float slope_partial[8];
    __shared__ bool last;
    if (loss.d_shared != nullptr) {
      keep_slope(sums.slope, row, loss.lanes, loss.slopes, slope_partial);
      if (last_block(loss.counter, gridDim.x, &last)) {
        sum_slopes(loss.slopes, loss.rows, loss.d_shared);
      }
    }
  }
}

/** The parameters of every likelihood kernel, and the struct of them. */
#define LOSS_PARAMETERS                                                                      \
  const float *parameters, const float *shared, const float *x, const float *mask,           \
      const float *weights, float *__restrict__ nll, float *d_parameters,                    \
      float *__restrict__ d_shared, float *slopes, unsigned *counter, int rows, int samples, \
      int rows_per_weight, int features, int width, float scale, int lanes

#define LOSS                                                                                  \
  Loss {                                                                                      \
    parameters, shared, x, mask, weights, nll, d_parameters, d_shared, slopes, counter, rows, \
        samples, rows_per_weight, features, width, scale, lanes                               \
  }

#define LIKELIHOOD_KERNEL(name, Likelihood, masked)                                              \
  extern "C" __global__ void __launch_bounds__(256) name(LOSS_PARAMETERS, Constants constants) { \
    await_predecessors();                                                                        \
    allow_successor();                                                                           \
    likelihood_rows<Likelihood, masked>(LOSS, constants);                                        \
  }

/** The two kernels of a likelihood: without and with a mask or weights of rows. */
#define LIKELIHOOD_KERNELS(name, Likelihood) \
  LIKELIHOOD_KERNEL(name, Likelihood, false) \
  LIKELIHOOD_KERNEL(name##_masked, Likelihood, true)
