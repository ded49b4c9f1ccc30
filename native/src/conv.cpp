// SPDX-License-Identifier: Apache-2.0
// Convolutions, transposed ones, and their gradients.
#include "activated.hpp"
#include "convolution.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

// Pixels of one chunk of an activation's gradient: their kept values and gradients fit the cache.
constexpr int64_t kRows = 512;

// Pixels whose numbers are columns together, where there are so few channels.
constexpr int64_t kFold = 16;
constexpr int64_t kFewChannels = 16;

constexpr int64_t kActivationWork = 2;

// An axis of the large and the small image, as conv and conv_transpose name them.
struct Sides {
  const char* large;
  const char* small;
};

void require(bool holds, const char* op, const std::string& argument, const std::string& expected,
             const std::string& given) {
  if (!holds) throw wrong(op, argument.c_str(), expected, given);
}

// Checks that an axis of the small image has the size that the window gives.
void check(const char* op, const std::string& prefix, const Sides& sides, const char* axis,
           const ConvAxis& sizes, int64_t kernel, const vae4j_tensor& small) {
  std::string name = axis;
  require(kernel == sizes.kernel, op, prefix + "kernel_" + name,
          "the " + std::to_string(sizes.kernel) + " of weight", std::to_string(kernel));
  int64_t reach = sizes.dilation * (sizes.kernel - 1) + 1;
  int64_t padded = sizes.large + 2 * sizes.padding;
  require(reach <= padded, op, prefix + "kernel_" + name,
          "a window of at most " + std::to_string(padded) + ", the padded " + name + " of " +
              sides.large,
          std::to_string(reach));
  int64_t size = (padded - reach) / sizes.stride + 1;
  require(size == sizes.small, op, prefix + sides.small,
          "a " + name + " of " + std::to_string(size) + ", by the window", text(small));
}

// The shape of a convolution, checked; layer is an op whose image large is the larger one.
template <class Layer>
ConvShape shape_of(const char* op, const std::string& prefix, const Sides& sides,
                   const Layer& layer, const vae4j_tensor& large, const vae4j_tensor& small) {
  const vae4j_tensor& weight = layer.weight;
  ConvShape shape{large.dims[0],
                  {large.dims[1], small.dims[1], weight.dims[1], layer.stride_height,
                   layer.padding_height, layer.dilation_height},
                  {large.dims[2], small.dims[2], weight.dims[2], layer.stride_width,
                   layer.padding_width, layer.dilation_width},
                  large.dims[3],
                  small.dims[3],
                  layer.groups};
  for (int64_t channels : {shape.large_channels, shape.small_channels}) {
    require(channels % shape.groups == 0, op, prefix + "groups",
            "a divisor of the " + std::to_string(channels) + " channels",
            std::to_string(shape.groups));
  }
  require(weight.dims[3] == shape.large_group(), op, prefix + "weight",
          std::to_string(shape.large_group()) + " channels of " + sides.large + " in a group",
          text(weight));
  check(op, prefix, sides, "height", shape.height, layer.kernel_height, small);
  check(op, prefix, sides, "width", shape.width, layer.kernel_width, small);
  return shape;
}

ConvShape shape_of(const char* op, const std::string& prefix, const vae4j_conv_op& layer) {
  return shape_of(op, prefix, {"x", "y"}, layer, layer.x, layer.y);
}

ConvShape shape_of(const char* op, const std::string& prefix,
                   const vae4j_conv_transpose_op& layer) {
  return shape_of(op, prefix, {"y", "x"}, layer, layer.y, layer.x);
}

template <class Layer>
ConvProduct::Operands operands_of(const Context& context, const char* op, const Layer& layer) {
  const ActivationKernel& activation = activation_of(context, op, "", layer);
  return {floats(layer.x),    floats(layer.weight),
          floats(layer.bias), kept_of(activation, layer),
          floats(layer.y),    is_linear(activation) ? nullptr : &activation};
}

// The gradient of an image: neither bias nor activation.
template <class Backward>
ConvProduct::Operands gradient_of(const Backward& op) {
  return {floats(op.dy), floats(op.forward.weight), nullptr, floats(op.dx), floats(op.dx), nullptr};
}

class ConvForward final : public Op {
 public:
  ConvForward(Context& context, std::unique_ptr<ConvProduct> product)
      : Op(context), product_(std::move(product)) {}

  void run() override { product_->run(); }

 private:
  std::unique_ptr<ConvProduct> product_;
};

// dv = dy * activation'(v) in place of dy, and its sums over pixels: of chunks, then of those. Few
// channels do not fill vectors: so the numbers of several pixels are columns first.
class PixelGradients {
 public:
  PixelGradients(Context& context, const ActivationKernel& activation, const float* kept,
                 const vae4j_tensor& dy, float* d_bias)
      : context_(context),
        activation_(activation),
        kept_(kept),
        dy_(floats(dy)),
        d_bias_(d_bias),
        pixels_(elements(dy) / dy.dims[3]),
        channels_(dy.dims[3]),
        fold_(channels_ <= kFewChannels && pixels_ >= kRows ? kFold : 1) {
    reserve_conv_scratch(context, conv_floats({chunks_of(pixels_, kRows), fold_, channels_}));
  }

  void run() {
    float* sums = conv_scratch(context_, 0);
    int64_t columns = fold_ * channels_;
    int64_t chunks = chunks_of(pixels_, kRows);
    int64_t work = work_of({kActivationWork, pixels_, channels_});
    for_chunks(context_.threads, chunks, work, [&](int64_t chunk) {
      int64_t first = chunk * kRows;
      int64_t pixels = std::min(kRows, pixels_ - first);
      // The last chunk may not be a multiple.
      int64_t fold = pixels % fold_ == 0 ? fold_ : 1;
      int64_t width = fold * channels_;
      std::fill_n(sums + chunk * columns, columns, 0.0f);
      activation_.backward(kept_ + first * channels_, dy_ + first * channels_,
                           sums + chunk * columns, static_cast<int>(pixels / fold),
                           static_cast<int>(width), 0, static_cast<int>(width));
    });
    for (int64_t chunk = 1; chunk < chunks; chunk++) {
      context_.kernels.add(sums + chunk * columns, sums, columns);
    }
    std::copy_n(sums, channels_, d_bias_);
    for (int64_t part = 1; part < fold_; part++) {
      context_.kernels.add(sums + part * channels_, d_bias_, channels_);
    }
  }

 private:
  Context& context_;
  const ActivationKernel& activation_;
  const float* const kept_;
  float* const dy_;
  float* const d_bias_;
  const int64_t pixels_;
  const int64_t channels_;
  const int64_t fold_;
};

// The gradients of both kinds, which differ in the images that are large and small.
class ConvBackward final : public Op {
 public:
  template <class Backward>
  ConvBackward(Context& context, const char* name, const Backward& op, const ConvShape& shape,
               const float* large, const float* small)
      : Op(context),
        activation_(activation_of(context, name, "forward.", op.forward)),
        gradients_(context, activation_, kept_of(activation_, op.forward), op.dy,
                   floats(op.d_bias)),
        d_weight_(context, shape, large, small, floats(op.d_weight)) {}

  void set_dx(std::unique_ptr<ConvProduct> dx) { dx_ = std::move(dx); }

  void run() override {
    gradients_.run();
    d_weight_.run();
    if (dx_ != nullptr) dx_->run();
  }

 private:
  const ActivationKernel& activation_;
  PixelGradients gradients_;
  ConvWeights d_weight_;
  std::unique_ptr<ConvProduct> dx_;
};

}  // namespace

Planned plan_conv(Context& context, const vae4j_conv_op& op, const Sizes&) {
  ConvShape shape = shape_of("conv", "", op);
  return std::make_unique<ConvForward>(
      context, ConvProduct::down(context, shape, operands_of(context, "conv", op)));
}

Planned plan_conv_transpose(Context& context, const vae4j_conv_transpose_op& op, const Sizes&) {
  ConvShape shape = shape_of("convTranspose", "", op);
  return std::make_unique<ConvForward>(
      context, ConvProduct::up(context, shape, operands_of(context, "convTranspose", op)));
}

Planned plan_conv_backward(Context& context, const vae4j_conv_backward_op& op, const Sizes&) {
  const char* name = "convBackward";
  ConvShape shape = shape_of(name, "forward.", op.forward);
  auto planned =
      std::make_unique<ConvBackward>(context, name, op, shape, floats(op.forward.x), floats(op.dy));
  if (op.dx.data != nullptr) {
    planned->set_dx(ConvProduct::up(context, shape, gradient_of(op)));
  }
  return planned;
}

Planned plan_conv_transpose_backward(Context& context, const vae4j_conv_transpose_backward_op& op,
                                     const Sizes&) {
  const char* name = "convTransposeBackward";
  ConvShape shape = shape_of(name, "forward.", op.forward);
  auto planned =
      std::make_unique<ConvBackward>(context, name, op, shape, floats(op.dy), floats(op.forward.x));
  if (op.dx.data != nullptr) {
    planned->set_dx(ConvProduct::down(context, shape, gradient_of(op)));
  }
  return planned;
}

}  // namespace vae4j
