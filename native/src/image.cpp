// SPDX-License-Identifier: Apache-2.0
// Pooling, upsampling, changes of order, and activations on their own.
#include <algorithm>

#include "ops.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

// Numbers of one chunk of work.
constexpr int64_t kChunk = 8192;

constexpr int64_t kActivationWork = 2;

// Rows of so many numbers each that make a chunk.
int64_t rows_of_chunk(int64_t numbers) { return std::max<int64_t>(1, kChunk / numbers); }

// One side of a pooling window.
struct Side {
  const char* kernel;
  const char* padding;
  const char* dilation;
  int64_t size;  // of the input
  int64_t kernel_size;
  int64_t stride;
  int64_t padding_size;
  int64_t dilation_size;
};

// Checks a side and returns the output's size.
int64_t output_of(const char* op, const std::string& prefix, const Side& side) {
  auto refuse = [&](const char* argument, const std::string& expected, int64_t given) {
    return wrong(op, (prefix + argument).c_str(), expected, std::to_string(given));
  };
  if (side.dilation_size != 1) throw refuse(side.dilation, "1", side.dilation_size);
  if (2 * side.padding_size > side.kernel_size) {
    throw refuse(side.padding, "at most half of the kernel's " + std::to_string(side.kernel_size),
                 side.padding_size);
  }
  int64_t padded = side.size + 2 * side.padding_size;
  if (side.kernel_size > padded) {
    throw refuse(side.kernel, "at most " + std::to_string(padded) + ", the size with its padding",
                 side.kernel_size);
  }
  return (padded - side.kernel_size) / side.stride + 1;
}

// The prefix is that of the forward op's members in messages.
PoolArgs pool_args_of(const char* op, const std::string& prefix, const vae4j_pool_op& pool,
                      const Sizes& sizes) {
  int64_t rows = output_of(
      op, prefix,
      {"kernel_height", "padding_height", "dilation_height", sizes['H'], pool.kernel_height,
       pool.stride_height, pool.padding_height, pool.dilation_height});
  int64_t columns =
      output_of(op, prefix,
                {"kernel_width", "padding_width", "dilation_width", sizes['W'], pool.kernel_width,
                 pool.stride_width, pool.padding_width, pool.dilation_width});
  if (rows != sizes['P'] || columns != sizes['Q']) {
    throw wrong(
        op, (prefix + "y").c_str(),
        "the window's " + std::to_string(rows) + " x " + std::to_string(columns) + " pixels",
        text(pool.y));
  }
  return {floats(pool.x),
          floats(pool.y),
          nullptr,
          sizes['H'],
          sizes['W'],
          rows,
          columns,
          sizes['C'],
          pool.kernel_height,
          pool.kernel_width,
          pool.stride_height,
          pool.stride_width,
          pool.padding_height,
          pool.padding_width,
          pool.average != 0};
}

int64_t work_of_pool(const PoolArgs& args, int64_t images) {
  return work_of(
      {images, args.rows, args.columns, args.channels, args.kernel_height, args.kernel_width});
}

class Pool final : public Op {
 public:
  Pool(Context& context, const vae4j_pool_op& op, const Sizes& sizes)
      : Op(context), args_(pool_args_of("pool", "", op, sizes)), images_(sizes['N']) {}

  void run() override {
    int64_t size = rows_of_chunk(args_.columns * args_.channels);
    for_ranges(context.threads, images_ * args_.rows, size, work_of_pool(args_, images_),
               [&](int64_t begin, int64_t end) { context.kernels.image.pool(args_, begin, end); });
  }

 private:
  const PoolArgs args_;
  const int64_t images_;
};

class PoolBackward final : public Op {
 public:
  PoolBackward(Context& context, const vae4j_pool_backward_op& op, const Sizes& sizes)
      : Op(context),
        args_(pool_args_of("poolBackward", "forward.", op.forward, sizes)),
        images_(sizes['N']) {
    args_.y = floats(op.dy);
    args_.dx = floats(op.dx);
  }

  void run() override {
    for_chunks(context.threads, images_, work_of_pool(args_, images_),
               [&](int64_t image) { context.kernels.image.pool_backward(args_, image); });
  }

 private:
  PoolArgs args_;
  const int64_t images_;
};

UpsampleArgs upsample_args_of(const char* op, const char* argument, const vae4j_upsample_op& up,
                              const Sizes& sizes) {
  if (sizes['P'] % sizes['H'] != 0 || sizes['Q'] % sizes['W'] != 0) {
    throw wrong(op, argument,
                "multiples of " + std::to_string(sizes['H']) + " x " + std::to_string(sizes['W']) +
                    " pixels",
                text(up.y));
  }
  return {floats(up.x),
          floats(up.y),
          sizes['H'],
          sizes['W'],
          sizes['C'],
          sizes['P'] / sizes['H'],
          sizes['Q'] / sizes['W'],
          up.bilinear != 0};
}

int64_t work_of_upsample(const UpsampleArgs& args, int64_t rows) {
  return work_of({rows, args.width, args.channels, args.factor_height, args.factor_width});
}

class Upsample final : public Op {
 public:
  Upsample(Context& context, const vae4j_upsample_op& op, const Sizes& sizes)
      : Op(context),
        args_(upsample_args_of("upsample", "y", op, sizes)),
        rows_(int64_t{sizes['N']} * sizes['H']) {}

  void run() override {
    for_chunks(context.threads, rows_, work_of_upsample(args_, rows_),
               [&](int64_t row) { context.kernels.image.upsample(args_, row); });
  }

 private:
  const UpsampleArgs args_;
  const int64_t rows_;
};

class UpsampleBackward final : public Op {
 public:
  UpsampleBackward(Context& context, const vae4j_upsample_backward_op& op, const Sizes& sizes)
      : Op(context),
        args_(upsample_args_of("upsampleBackward", "forward.y", op.forward, sizes)),
        rows_(int64_t{sizes['N']} * sizes['H']) {
    args_.small = floats(op.dx);
    args_.large = floats(op.dy);
  }

  void run() override {
    for_chunks(context.threads, rows_, work_of_upsample(args_, rows_),
               [&](int64_t row) { context.kernels.image.upsample_backward(args_, row); });
  }

 private:
  UpsampleArgs args_;
  const int64_t rows_;
};

ShuffleArgs shuffle_args_of(const vae4j_pixel_shuffle_op& op, const Sizes& sizes) {
  bool inverse = op.inverse != 0;
  int64_t height = sizes[inverse ? 'P' : 'H'];
  int64_t width = sizes[inverse ? 'Q' : 'W'];
  int64_t channels = sizes[inverse ? 'D' : 'E'];
  int64_t rows = sizes[inverse ? 'H' : 'P'] / height;
  int64_t columns = sizes[inverse ? 'W' : 'Q'] / width;
  bool whole =
      rows * height == sizes[inverse ? 'H' : 'P'] && columns * width == sizes[inverse ? 'W' : 'Q'];
  // The sizes are ints, and the product of three of them may be too large.
  int64_t depth = sizes[inverse ? 'E' : 'D'];
  if (!whole || depth % channels != 0 || rows * columns != depth / channels) {
    throw wrong("pixelShuffle", "y", "the values of " + text(op.x) + " in blocks of whole pixels",
                text(op.y));
  }
  return {floats(op.x), floats(op.y), width, channels, rows, columns, inverse};
}

class PixelShuffle final : public Op {
 public:
  PixelShuffle(Context& context, const vae4j_pixel_shuffle_op& op, const Sizes& sizes)
      : Op(context),
        args_(shuffle_args_of(op, sizes)),
        rows_(int64_t{sizes['N']} * sizes[op.inverse != 0 ? 'P' : 'H']) {}

  void run() override {
    int64_t work =
        work_of({rows_, args_.width, args_.channels, args_.factor_height, args_.factor_width});
    for_chunks(context.threads, rows_, work,
               [&](int64_t row) { context.kernels.image.pixel_shuffle(args_, row); });
  }

 private:
  const ShuffleArgs args_;
  const int64_t rows_;
};

class SwapAxes final : public OpOf<vae4j_swap_axes_op> {
 public:
  using OpOf::OpOf;

  void run() override {
    int64_t as = sizes['A'];
    int64_t bs = sizes['B'];
    int64_t cs = sizes['C'];
    int64_t size = rows_of_chunk(as * cs);
    int64_t chunks = chunks_of(bs, size);
    int64_t image = as * bs * cs;
    for_chunks(context.threads, sizes['N'] * chunks, work_of({sizes['N'], as, bs, cs}),
               [&](int64_t chunk) {
                 int64_t from = chunk / chunks * image;
                 int64_t begin = chunk % chunks * size;
                 context.kernels.image.swap_axes(floats(op.x) + from, floats(op.y) + from, as, bs,
                                                 cs, begin, std::min(bs, begin + size));
               });
  }
};

class Activate final : public Op {
 public:
  Activate(Context& context, const vae4j_activate_op& op, const Sizes& sizes)
      : Op(context),
        activation_(activation_kernel(context, "activate", "activation", op.activation)),
        x_(floats(op.x)),
        y_(floats(op.y)),
        count_(int64_t{sizes['R']} * sizes['C']) {}

  void run() override {
    for_ranges(context.threads, count_, kChunk, work_of({kActivationWork, count_}),
               [&](int64_t begin, int64_t end) {
                 activation_.forward(x_ + begin, y_ + begin, end - begin);
               });
  }

 private:
  const ActivationKernel& activation_;
  const float* const x_;
  float* const y_;
  const int64_t count_;
};

class ActivateBackward final : public Op {
 public:
  ActivateBackward(Context& context, const vae4j_activate_backward_op& op, const Sizes& sizes)
      : Op(context),
        activation_(activation_kernel(context, "activateBackward", "forward.activation",
                                      op.forward.activation)),
        kept_(floats(activation_.needs_preactivation ? op.forward.x : op.forward.y)),
        dy_(floats(op.dy)),
        dx_(floats(op.dx)),
        count_(int64_t{sizes['R']} * sizes['C']) {}

  void run() override {
    for_ranges(context.threads, count_, kChunk, work_of({kActivationWork, count_}),
               [&](int64_t begin, int64_t end) {
                 activation_.gradient(kept_ + begin, dy_ + begin, dx_ + begin, end - begin);
               });
  }

 private:
  const ActivationKernel& activation_;
  const float* const kept_;
  const float* const dy_;
  float* const dx_;
  const int64_t count_;
};

}  // namespace

Planned plan_pool(Context& context, const vae4j_pool_op& op, const Sizes& sizes) {
  return std::make_unique<Pool>(context, op, sizes);
}

Planned plan_pool_backward(Context& context, const vae4j_pool_backward_op& op, const Sizes& sizes) {
  return std::make_unique<PoolBackward>(context, op, sizes);
}

Planned plan_upsample(Context& context, const vae4j_upsample_op& op, const Sizes& sizes) {
  return std::make_unique<Upsample>(context, op, sizes);
}

Planned plan_upsample_backward(Context& context, const vae4j_upsample_backward_op& op,
                               const Sizes& sizes) {
  return std::make_unique<UpsampleBackward>(context, op, sizes);
}

Planned plan_pixel_shuffle(Context& context, const vae4j_pixel_shuffle_op& op, const Sizes& sizes) {
  return std::make_unique<PixelShuffle>(context, op, sizes);
}

Planned plan_swap_axes(Context& context, const vae4j_swap_axes_op& op, const Sizes& sizes) {
  return std::make_unique<SwapAxes>(context, op, sizes);
}

Planned plan_activate(Context& context, const vae4j_activate_op& op, const Sizes& sizes) {
  return std::make_unique<Activate>(context, op, sizes);
}

Planned plan_activate_backward(Context& context, const vae4j_activate_backward_op& op,
                               const Sizes& sizes) {
  return std::make_unique<ActivateBackward>(context, op, sizes);
}

}  // namespace vae4j
