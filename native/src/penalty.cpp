// SPDX-License-Identifier: Apache-2.0
// Penalties on q(z): the maximum mean discrepancy from the prior, and the total correlation.
#include <algorithm>

#include "ops.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

// The rows of one chunk of work. Rows are independent; sums over rows are computed afterwards.
constexpr int64_t kRows = 16;

// The number of chunks with memory of their own.
constexpr int64_t kMaxChunks = 64;

// io.github.vae4j.random.Stream.MMD.
constexpr int kMmdStream = 24;

// The cost of a density in each pass, in simple elements.
constexpr int64_t kDensityWork = 20;

// The size of chunks for which each can have memory of its own.
int64_t few_chunks_size(int64_t rows) { return chunks_of(rows, std::min(rows, kMaxChunks)); }

double sum_of(const double* values, int64_t count) {
  double sum = 0;
  for (int64_t i = 0; i < count; i++) sum += values[i];
  return sum;
}

class MmdPenalty final : public OpOf<vae4j_mmd_penalty_op> {
 public:
  MmdPenalty(Context& context, const vae4j_mmd_penalty_op& op, const Sizes& sizes)
      : OpOf(context, op, sizes),
        elements_(static_cast<int64_t>(sizes['R']) * sizes['Z']),
        kernel_scale_(2.0 * sizes['Z']),
        codes_(allocate_array<float>(elements_)),
        prior_(allocate_array<float>(elements_)),
        slopes_(allocate_array<float>(elements_)),
        sums_(allocate_array<double>(sizes['R'])) {}

  void run() override {
    Draw draw = Draw::at(op.seed, kMmdStream, integer(doubles(op.control)[VAE4J_CONTROL_STEP]));
    const Kernels& kernels = context.kernels;
    int64_t rows = sizes['R'];
    int latent = sizes['Z'];
    for_ranges(context.threads, rows, kRows, work_of({kDensityWork, elements_}),
               [&](int64_t begin, int64_t end) {
                 kernels.transpose(floats(op.z), begin, end, latent, rows, codes_.get());
                 kernels.transposed_normals(draw, begin, end, latent, rows, prior_.get());
               });
    double pairs = static_cast<double>(rows) * static_cast<double>(rows);
    double scale = op.scale;
    MmdArgs args = {codes_.get(),
                    prior_.get(),
                    slopes_.get(),
                    floats(op.dz),
                    sums_.get(),
                    rows,
                    latent,
                    static_cast<float>(kernel_scale_),
                    static_cast<float>(-4 * scale / (kernel_scale_ * pairs))};
    for_ranges(context.threads, rows, kRows, work_of({5, elements_, rows}),
               [&](int64_t begin, int64_t end) { kernels.mmd_rows(args, begin, end); });
    *floats(op.penalty) = static_cast<float>(scale * sum_of(sums_.get(), rows) / pairs);
  }

 private:
  const int64_t elements_;
  const double kernel_scale_;
  const Owned<float> codes_;
  const Owned<float> prior_;
  const Owned<float> slopes_;
  const Owned<double> sums_;
};

// The batch's densities in the layout of the loops.
class Densities {
 public:
  Densities(const vae4j_total_correlation_op& op, const Sizes& sizes)
      : elements_(static_cast<int64_t>(sizes['B']) * sizes['Z']),
        mu_(allocate_array<float>(elements_)),
        precision_(allocate_array<float>(elements_)),
        offset_(allocate_array<float>(elements_)),
        args_{floats(op.stats),
              floats(op.z),
              mu_.get(),
              precision_.get(),
              offset_.get(),
              sizes['B'],
              sizes['L'],
              sizes['Z'],
              static_cast<float>(op.log_own),
              static_cast<float>(op.log_other),
              static_cast<float>(op.scale / sizes['B'] / sizes['L'])} {}

  const DensityArgs& prepare(const Context& context) const {
    for_ranges(
        context.threads, args_.batch, kRows, work_of({kDensityWork, elements_}),
        [&](int64_t begin, int64_t end) { context.kernels.prepare_densities(args_, begin, end); });
    return args_;
  }

 private:
  const int64_t elements_;
  const Owned<float> mu_;
  const Owned<float> precision_;
  const Owned<float> offset_;
  const DensityArgs args_;
};

class TotalCorrelation final : public OpOf<vae4j_total_correlation_op> {
 public:
  TotalCorrelation(Context& context, const vae4j_total_correlation_op& op, const Sizes& sizes)
      : OpOf(context, op, sizes),
        rows_(static_cast<int64_t>(sizes['B']) * sizes['L']),
        chunk_(few_chunks_size(rows_)),
        densities_(op, sizes),
        sums_(allocate_array<double>(rows_)),
        scratch_(allocate_array<float>(chunks_of(rows_, chunk_) * 2 * sizes['B'])) {}

  void run() override {
    const DensityArgs& args = densities_.prepare(context);
    CorrelationArgs out = {floats(op.dz), floats(op.joint), floats(op.marginal), sums_.get()};
    for_ranges(context.threads, rows_, chunk_,
               work_of({kDensityWork, rows_, args.batch, args.latent}),
               [&](int64_t begin, int64_t end) {
                 float* scratch = scratch_.get() + begin / chunk_ * 2 * args.batch;
                 context.kernels.correlation_rows(args, out, begin, end, scratch);
               });
    double mean = sum_of(sums_.get(), rows_) / static_cast<double>(rows_);
    *floats(op.penalty) = static_cast<float>(op.scale * mean);
  }

 private:
  const int64_t rows_;
  const int64_t chunk_;
  const Densities densities_;
  const Owned<double> sums_;
  const Owned<float> scratch_;
};

class TotalCorrelationBackward final : public OpOf<vae4j_total_correlation_backward_op> {
 public:
  TotalCorrelationBackward(Context& context, const vae4j_total_correlation_backward_op& op,
                           const Sizes& sizes)
      : OpOf(context, op, sizes),
        rows_(static_cast<int64_t>(sizes['B']) * sizes['L']),
        chunk_(few_chunks_size(sizes['B'])),
        densities_(op.forward, sizes),
        codes_(allocate_array<float>(rows_ * sizes['Z'])),
        marginals_(allocate_array<float>(rows_ * sizes['Z'])),
        scratch_(allocate_array<float>(chunks_of(sizes['B'], chunk_) * 2 * rows_)) {}

  void run() override {
    const DensityArgs& args = densities_.prepare(context);
    const float* marginal = floats(op.forward.marginal);
    for_ranges(context.threads, rows_, kRows, work_of({2, rows_, args.latent}),
               [&](int64_t begin, int64_t end) {
                 context.kernels.transpose(args.z, begin, end, args.latent, rows_, codes_.get());
                 context.kernels.transpose(marginal, begin, end, args.latent, rows_,
                                           marginals_.get());
               });
    CorrelationBackwardArgs out = {codes_.get(), floats(op.forward.joint), marginals_.get(),
                                   floats(op.d_stats)};
    for_ranges(context.threads, args.batch, chunk_,
               work_of({kDensityWork, rows_, args.batch, args.latent}),
               [&](int64_t begin, int64_t end) {
                 float* scratch = scratch_.get() + begin / chunk_ * 2 * rows_;
                 context.kernels.correlation_backward_rows(args, out, begin, end, scratch);
               });
  }

 private:
  const int64_t rows_;
  const int64_t chunk_;
  const Densities densities_;
  const Owned<float> codes_;
  const Owned<float> marginals_;
  const Owned<float> scratch_;
};

}  // namespace

Planned plan_mmd_penalty(Context& context, const vae4j_mmd_penalty_op& op, const Sizes& sizes) {
  return std::make_unique<MmdPenalty>(context, op, sizes);
}

Planned plan_total_correlation(Context& context, const vae4j_total_correlation_op& op,
                               const Sizes& sizes) {
  return std::make_unique<TotalCorrelation>(context, op, sizes);
}

Planned plan_total_correlation_backward(Context& context,
                                        const vae4j_total_correlation_backward_op& op,
                                        const Sizes& sizes) {
  return std::make_unique<TotalCorrelationBackward>(context, op, sizes);
}

}  // namespace vae4j
