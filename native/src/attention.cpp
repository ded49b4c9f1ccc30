// SPDX-License-Identifier: Apache-2.0
// Attention of an image's pixels, and its gradient: a task is a block of queries, or of keys, of one
// head of one image. The gradient has a task for each block of queries, then one for each of keys,
// so that no two tasks add to the same number; both compute the probabilities.
#include <cmath>

#include "convolution.hpp"
#include "ops.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

// The cost of a product of two pixels' channels, in simple elements.
constexpr int64_t kPairWork = 2;

using AttentionLoop = void (*)(const AttentionArgs&, int64_t first, int64_t count, float* scratch);

class Heads {
 public:
  // forward: the op, or that of a gradient, whose lse is `argument` of `op`; extra floats of scratch
  // come first.
  Heads(Context& context, const char* op, const char* argument, const vae4j_attention_op& forward,
        const Sizes& sizes, int64_t extra)
      : context_(context),
        images_(sizes['N']),
        pixels_(sizes['R']),
        channels_(sizes['C']),
        heads_(sizes['H']),
        extra_(extra) {
    if (channels_ % heads_ != 0) {
      throw wrong(op, argument, "a divisor of the " + std::to_string(channels_) + " channels",
                  text(forward.lse));
    }
    reserve_conv_scratch(
        context, extra + conv_floats({context.threads, attention_floats(channels_ / heads_)}));
  }

  // Calls a loop for each block of each head of the images.
  void each_block(AttentionLoop loop, const vae4j_attention_op& op, const float* dy, float* delta,
                  float* dqkv) const {
    int64_t width = channels_ / heads_;
    int64_t blocks = chunks_of(pixels_, kAttentionBlock);
    float* own = conv_scratch(context_, extra_);
    int64_t work = work_of({kPairWork, images_, pixels_, pixels_, channels_});
    for_chunks(context_.threads, images_ * heads_ * blocks, work, [&](int64_t task) {
      int64_t image = task / blocks / heads_;
      int64_t head = task / blocks % heads_;
      int64_t first = task % blocks * kAttentionBlock;
      int64_t row = 3 * image * pixels_ * channels_ + head * width;
      int64_t place = image * pixels_ * channels_ + head * width;
      int64_t moment = image * pixels_ * heads_ + head;
      const float* q = floats(op.qkv) + row;
      AttentionArgs args = {q,
                            q + channels_,
                            q + 2 * channels_,
                            floats(op.y) + place,
                            floats(op.lse) + moment,
                            dy + place,
                            delta + moment,
                            dqkv + row,
                            dqkv + row + channels_,
                            dqkv + row + 2 * channels_,
                            pixels_,
                            width,
                            3 * channels_,
                            channels_,
                            heads_,
                            static_cast<float>(1 / std::sqrt(static_cast<double>(width)))};
      loop(args, first, std::min(kAttentionBlock, pixels_ - first),
           own + omp_get_thread_num() * attention_floats(width));
    });
  }

 private:
  Context& context_;
  const int64_t images_;
  const int64_t pixels_;
  const int64_t channels_;
  const int64_t heads_;
  const int64_t extra_;
};

class Attention final : public OpOf<vae4j_attention_op> {
 public:
  Attention(Context& context, const vae4j_attention_op& op, const Sizes& sizes)
      : OpOf(context, op, sizes), heads_(context, "attention", "lse", op, sizes, 0) {}

  void run() override {
    // The pointers of the gradient are not used.
    heads_.each_block(context.kernels.attention.forward, op, floats(op.y), floats(op.lse),
                      floats(op.qkv));
  }

 private:
  const Heads heads_;
};

class AttentionBackward final : public OpOf<vae4j_attention_backward_op> {
 public:
  AttentionBackward(Context& context, const vae4j_attention_backward_op& op, const Sizes& sizes)
      : OpOf(context, op, sizes),
        heads_(context, "attentionBackward", "forward.lse", op.forward, sizes,
               conv_floats({sizes['N'], sizes['R'], sizes['H']})) {}

  void run() override {
    float* delta = conv_scratch(context, 0);
    for (AttentionLoop loop : {context.kernels.attention.queries, context.kernels.attention.keys}) {
      heads_.each_block(loop, op.forward, floats(op.dy), delta, floats(op.dqkv));
    }
  }

 private:
  const Heads heads_;
};

}  // namespace

Planned plan_attention(Context& context, const vae4j_attention_op& op, const Sizes& sizes) {
  return std::make_unique<Attention>(context, op, sizes);
}

Planned plan_attention_backward(Context& context, const vae4j_attention_backward_op& op,
                                const Sizes& sizes) {
  return std::make_unique<AttentionBackward>(context, op, sizes);
}

}  // namespace vae4j
