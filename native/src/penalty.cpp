// Penalties on q(z): the maximum mean discrepancy from the prior, and the total correlation.
#include <algorithm>

#include "ops.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

// Rows of one chunk of work. Each row's numbers are its own; sums over rows are taken afterwards.
constexpr int64_t kRows = 16;

// Chunks that have memory of their own.
constexpr int64_t kMaxChunks = 64;

// A density costs about this many simple elements, each pass.
constexpr int64_t kDensityWork = 20;

template <class Body>
void for_rows(const Context& context, int64_t rows, int64_t size, int64_t work, const Body& body) {
  for_chunks(context.threads, chunks_of(rows, size), work, [&](int64_t chunk) {
    body(chunk, chunk * size, std::min(rows, (chunk + 1) * size));
  });
}

// The size of chunks of which there are few enough to have memory of their own.
int64_t few_chunks_size(int64_t rows) { return chunks_of(rows, std::min(rows, kMaxChunks)); }

double sum_of(const double* values, int64_t count) {
  double sum = 0;
  for (int64_t i = 0; i < count; i++) sum += values[i];
  return sum;
}

class MmdPenalty final : public Op {
 public:
  MmdPenalty(Context& context, const MmdPenaltyPlan& plan)
      : Op(context),
        plan_(plan),
        elements_(static_cast<int64_t>(plan.rows) * plan.latent),
        codes_(allocate_array<float>(elements_)),
        prior_(allocate_array<float>(elements_)),
        slopes_(allocate_array<float>(elements_)),
        sums_(allocate_array<double>(plan.rows)) {}

  void run() override {
    Draw draw = Draw::at(plan_.seed, plan_.stream,
                         static_cast<int64_t>(plan_.control[VAE4J_CONTROL_STEP]));
    const Kernels& kernels = context.kernels;
    int64_t rows = plan_.rows;
    for_rows(context, rows, kRows, kDensityWork * elements_,
             [&](int64_t, int64_t begin, int64_t end) {
               kernels.transpose(plan_.z, begin, end, plan_.latent, rows, codes_.get());
               kernels.transposed_normals(draw, begin, end, plan_.latent, rows, prior_.get());
             });
    double pairs = static_cast<double>(rows) * static_cast<double>(rows);
    double scale = static_cast<double>(plan_.scale);
    MmdArgs args = {codes_.get(),
                    prior_.get(),
                    slopes_.get(),
                    plan_.dz,
                    sums_.get(),
                    rows,
                    plan_.latent,
                    static_cast<float>(plan_.kernel_scale),
                    static_cast<float>(-4 * scale / (plan_.kernel_scale * pairs))};
    for_rows(context, rows, kRows, 5 * elements_ * rows,
             [&](int64_t, int64_t begin, int64_t end) { kernels.mmd_rows(args, begin, end); });
    *plan_.penalty = static_cast<float>(scale * sum_of(sums_.get(), rows) / pairs);
  }

 private:
  const MmdPenaltyPlan plan_;
  const int64_t elements_;
  const Owned<float> codes_;
  const Owned<float> prior_;
  const Owned<float> slopes_;
  const Owned<double> sums_;
};

// The batch's densities as the loops want them.
class Densities {
 public:
  Densities(const float* stats, const float* z, int batch, int samples, int latent, double log_own,
            double log_other, float scale)
      : mu_(allocate_array<float>(static_cast<int64_t>(batch) * latent)),
        precision_(allocate_array<float>(static_cast<int64_t>(batch) * latent)),
        offset_(allocate_array<float>(static_cast<int64_t>(batch) * latent)),
        args_{stats,
              z,
              mu_.get(),
              precision_.get(),
              offset_.get(),
              batch,
              samples,
              latent,
              static_cast<float>(log_own),
              static_cast<float>(log_other),
              static_cast<float>(static_cast<double>(scale) / batch / samples)} {}

  const DensityArgs& prepare(const Context& context) const {
    for_rows(context, args_.batch, kRows, kDensityWork * args_.batch * args_.latent,
             [&](int64_t, int64_t begin, int64_t end) {
               context.kernels.prepare_densities(args_, begin, end);
             });
    return args_;
  }

 private:
  const Owned<float> mu_;
  const Owned<float> precision_;
  const Owned<float> offset_;
  const DensityArgs args_;
};

class TotalCorrelation final : public Op {
 public:
  TotalCorrelation(Context& context, const TotalCorrelationPlan& plan)
      : Op(context),
        plan_(plan),
        rows_(static_cast<int64_t>(plan.batch) * plan.samples),
        chunk_(few_chunks_size(rows_)),
        densities_(plan.stats, plan.z, plan.batch, plan.samples, plan.latent, plan.log_own,
                   plan.log_other, plan.scale),
        sums_(allocate_array<double>(rows_)),
        scratch_(allocate_array<float>(chunks_of(rows_, chunk_) * 2 * plan.batch)) {}

  void run() override {
    const DensityArgs& args = densities_.prepare(context);
    CorrelationArgs out = {plan_.dz, plan_.joint, plan_.marginal, sums_.get()};
    for_rows(context, rows_, chunk_, kDensityWork * rows_ * plan_.batch * plan_.latent,
             [&](int64_t chunk, int64_t begin, int64_t end) {
               context.kernels.correlation_rows(args, out, begin, end,
                                                scratch_.get() + chunk * 2 * plan_.batch);
             });
    double mean = sum_of(sums_.get(), rows_) / static_cast<double>(rows_);
    *plan_.penalty = static_cast<float>(static_cast<double>(plan_.scale) * mean);
  }

 private:
  const TotalCorrelationPlan plan_;
  const int64_t rows_;
  const int64_t chunk_;
  const Densities densities_;
  const Owned<double> sums_;
  const Owned<float> scratch_;
};

class TotalCorrelationBackward final : public Op {
 public:
  TotalCorrelationBackward(Context& context, const TotalCorrelationBackwardPlan& plan)
      : Op(context),
        plan_(plan),
        rows_(static_cast<int64_t>(plan.batch) * plan.samples),
        chunk_(few_chunks_size(plan.batch)),
        densities_(plan.stats, plan.z, plan.batch, plan.samples, plan.latent, plan.log_own,
                   plan.log_other, plan.scale),
        codes_(allocate_array<float>(rows_ * plan.latent)),
        marginals_(allocate_array<float>(rows_ * plan.latent)),
        scratch_(allocate_array<float>(chunks_of(plan.batch, chunk_) * 2 * rows_)) {}

  void run() override {
    const DensityArgs& args = densities_.prepare(context);
    int latent = plan_.latent;
    for_rows(context, rows_, kRows, 2 * rows_ * latent,
             [&](int64_t, int64_t begin, int64_t end) {
               context.kernels.transpose(plan_.z, begin, end, latent, rows_, codes_.get());
               context.kernels.transpose(plan_.marginal, begin, end, latent, rows_,
                                         marginals_.get());
             });
    CorrelationBackwardArgs out = {codes_.get(), plan_.joint, marginals_.get(), plan_.dstats};
    for_rows(context, plan_.batch, chunk_, kDensityWork * rows_ * plan_.batch * latent,
             [&](int64_t chunk, int64_t begin, int64_t end) {
               context.kernels.correlation_backward_rows(args, out, begin, end,
                                                         scratch_.get() + chunk * 2 * rows_);
             });
  }

 private:
  const TotalCorrelationBackwardPlan plan_;
  const int64_t rows_;
  const int64_t chunk_;
  const Densities densities_;
  const Owned<float> codes_;
  const Owned<float> marginals_;
  const Owned<float> scratch_;
};

}  // namespace

Planned plan_mmd_penalty(Context& context, const MmdPenaltyPlan& plan) {
  return std::make_unique<MmdPenalty>(context, plan);
}

Planned plan_total_correlation(Context& context, const TotalCorrelationPlan& plan) {
  return std::make_unique<TotalCorrelation>(context, plan);
}

Planned plan_total_correlation_backward(Context& context,
                                        const TotalCorrelationBackwardPlan& plan) {
  return std::make_unique<TotalCorrelationBackward>(context, plan);
}

}  // namespace vae4j
