// SPDX-License-Identifier: Apache-2.0
// Blocks of columns with different models, in one launch. A block of threads computes one part of
// its rows, by a table in device memory, so that the choice of the model never diverges; the last
// block of threads to finish with the same rows adds up the parts, in their order.
//
// Maths (io.github.vae4j.likelihood.Composite): the sum over the parts of their models' nll.
// Shapes: as in likelihood.cuh; parts (N), with column, count, parameter and shared of each the
//   first of its own in a row; slopes (shared parameters, B L), part_nll (N, B L) and part_counters
//   (blocks of rows) scratch.
// Bytes: those of the parts' models; 36 a part, 8 N B L of the parts' sums.
// Launch: as in likelihood.cuh, `lanes` by the part with most columns; N blocks in y.
#include "likelihood_count.cuh"
#include "likelihood_grey.cuh"
#include "likelihood_many.cuh"
#include "likelihood_real.cuh"

/** A part's columns are few and rarely aligned: one at a time. */
template <typename Model>
using Single = Features<Model, false>;

/** The models in the order of io.github.vae4j.backend.cuda.CompositeTable. */
#define FOR_EACH_LIKELIHOOD(CASE)                \
  CASE(0, Single<Bernoulli>)                     \
  CASE(1, Single<ContinuousBernoulli>)           \
  CASE(2, Single<Gaussian>)                      \
  CASE(3, Single<GaussianLearned>)               \
  CASE(4, Single<GaussianShared>)                \
  CASE(5, Single<GaussianOptimal>)               \
  CASE(6, Single<Laplace>)                       \
  CASE(7, Single<LaplaceLearned>)                \
  CASE(8, Single<StudentT>)                      \
  CASE(9, Categorical)                           \
  CASE(10, Single<DiscretizedLogistic>)          \
  CASE(11, DiscretizedLogisticMixture)           \
  CASE(12, Single<Poisson>)                      \
  CASE(13, Single<NegativeBinomial>)             \
  CASE(14, Single<ZeroInflatedNegativeBinomial>) \
  CASE(15, Multinomial)

/** The model that has a shared parameter's gradient. */
constexpr int kGaussianShared = 4;

/** One part, as CompositeTable writes it. */
struct Part {
  int model;
  int column;
  int count;
  int parameter;
  int shared;
  Constants constants;
};

__device__ __forceinline__ Sums part_row(const Part& part, const float* shared,
                                         const Columns& columns) {
#define CASE(number, Likelihood) \
  case number:                   \
    return Likelihood::row<true>(part.constants, shared, columns);
  switch (part.model) { FOR_EACH_LIKELIHOOD(CASE) }
#undef CASE
  return {0.0f, 0.0f};
}

extern "C" __global__ void __launch_bounds__(256)
    likelihood_composite(LOSS_PARAMETERS, const Part* __restrict__ parts, float* part_nll,
                         unsigned* part_counters) {
  __shared__ float partial[8];
  __shared__ float slope_partial[8];
  __shared__ bool last;
  const Loss loss = LOSS;
  const Part& part = parts[blockIdx.y];
  Row row = own_row<true>(loss);
  Sums sums = part_row(part, loss.shared + part.shared,
                       Columns(loss, row, part.column, part.count, part.parameter));
  float sum = row_sum(sums.nll, loss.lanes, partial);
  if (row.lane == 0) {
    part_nll[(long long)blockIdx.y * loss.rows + row.index] = sum;
  }
  if (part.model == kGaussianShared && loss.d_shared != nullptr) {
    keep_slope(sums.slope, row, loss.lanes, loss.slopes + (long long)part.shared * loss.rows,
               slope_partial);
  }
  if (!last_block(part_counters + blockIdx.x, gridDim.y, &last)) {
    return;
  }
  if (row.lane == 0) {
    sum = 0.0f;
    for (unsigned i = 0; i < gridDim.y; i++) {
      sum += __ldcg(part_nll + (long long)i * loss.rows + row.index);
    }
    loss.nll[row.index] = sum;
  }
  if (loss.d_shared == nullptr || !last_block(loss.counter, gridDim.x, &last)) {
    return;
  }
  for (unsigned i = 0; i < gridDim.y; i++) {
    if (parts[i].model == kGaussianShared) {
      int at = parts[i].shared;
      sum_slopes(loss.slopes + (long long)at * loss.rows, loss.rows, loss.d_shared + at);
    }
  }
}
