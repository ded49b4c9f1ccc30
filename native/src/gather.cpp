// Rows of a resident data set in the epoch's order, scaled and binarised.
#include <algorithm>

#include "ops.hpp"
#include "parallel.hpp"
#include "permutation.hpp"

namespace vae4j {
namespace {

constexpr int kBinarizeStream = 2;

class Gather final : public Op {
 public:
  Gather(Context& context, const GatherPlan& plan) : Op(context), plan_(plan) {
    if (plan.source_type != VAE4J_UINT8 && plan.source_type != VAE4J_FLOAT32) {
      throw wrong("gather", "source_type", "UINT8 or FLOAT32", std::to_string(plan.source_type));
    }
  }

  void run() override {
    int64_t step = static_cast<int64_t>(plan_.control[VAE4J_CONTROL_STEP]);
    int64_t epoch = static_cast<int64_t>(plan_.control[VAE4J_CONTROL_EPOCH]);
    int64_t position = static_cast<int64_t>(plan_.control[VAE4J_CONTROL_POSITION]);
    if (position < 0 || position + plan_.batch > plan_.rows) {
      throw Error(VAE4J_INVALID_STATE, "gather: expected position + batch of " +
                                           std::to_string(plan_.rows) + " or less, given " +
                                           std::to_string(position) + " + " +
                                           std::to_string(plan_.batch));
    }
    Permutation permutation(context.kernels, plan_.seed, epoch, plan_.rows);
    Draw draw = Draw::at(plan_.seed, kBinarizeStream, step);
    const Kernels& kernels = context.kernels;
    int64_t work = static_cast<int64_t>(plan_.batch) * plan_.features;
    for_chunks(context.threads, plan_.batch, work, [&](int64_t b) {
      int logical = static_cast<int>(position + b);
      if (plan_.shuffle) logical = permutation.at(logical);
      int64_t row = plan_.index == nullptr ? logical : plan_.index[logical];
      float* out = plan_.out + b * plan_.features;
      int64_t first = row * plan_.features;
      if (plan_.source_type == VAE4J_UINT8) {
        kernels.scale_bytes(static_cast<const uint8_t*>(plan_.source) + first, plan_.scale, out,
                            plan_.features);
      } else {
        kernels.scale_floats(static_cast<const float*>(plan_.source) + first, plan_.scale, out,
                             plan_.features);
      }
      if (plan_.binarize) {
        kernels.binarize(draw, static_cast<uint32_t>(b), out, plan_.features);
      }
      if (plan_.mask != nullptr) mask_row(first, out, plan_.mask + b * plan_.features);
    });
  }

 private:
  // After the draw, which makes a 0 of what is not a number: the source alone knows.
  void mask_row(int64_t first, float* out, float* mask) const {
    if (plan_.source_type == VAE4J_UINT8) {
      std::fill(mask, mask + plan_.features, 1.0f);
      return;
    }
    context.kernels.mask_missing(static_cast<const float*>(plan_.source) + first, out, mask,
                                 plan_.features);
  }

  const GatherPlan plan_;
};

}  // namespace

Planned plan_gather(Context& context, const GatherPlan& plan) {
  return std::make_unique<Gather>(context, plan);
}

}  // namespace vae4j
