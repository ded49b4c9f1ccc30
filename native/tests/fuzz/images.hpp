// SPDX-License-Identifier: Apache-2.0
// Sizes and settings of the ops of images that go together.
#pragma once

#include "case.hpp"

namespace fuzz {

// A side of a window, of a pooling without dilation; returns the size of the output. The input
// becomes as large as the window without its padding.
inline int64_t choose_side(Case& op, Random& random, const std::string& side, bool pooling,
                           int64_t* input) {
  int64_t kernel = random.between(1, 4);
  int64_t padding = random.between(0, pooling ? kernel / 2 : 3);
  int64_t stride = random.between(1, 5);
  int64_t dilation = pooling ? 1 : random.between(1, 2);
  op.integer("kernel_" + side) = kernel;
  op.integer("padding_" + side) = padding;
  op.integer("stride_" + side) = stride;
  op.integer("dilation_" + side) = dilation;
  int64_t reach = dilation * (kernel - 1) + 1;
  *input = std::max(*input, reach - 2 * padding);
  return (*input + 2 * padding - reach) / stride + 1;
}

// The large image is x, or y of a transposed convolution.
inline void relate_convolution(Case& op, Random& random) {
  bool transposed = op.table.id.rfind("convTranspose", 0) == 0;
  int64_t groups = random.between(1, 3);
  op.integer("groups") = groups;
  op.size(transposed ? 'O' : 'I') = op.size('J') * groups;
  op.size(transposed ? 'I' : 'O') = groups * random.between(1, 5);
  op.size(transposed ? 'H' : 'P') =
      choose_side(op, random, "height", false, &op.size(transposed ? 'P' : 'H'));
  op.size(transposed ? 'W' : 'Q') =
      choose_side(op, random, "width", false, &op.size(transposed ? 'Q' : 'W'));
  op.size('K') = op.integer("kernel_height");
  op.size('L') = op.integer("kernel_width");
}

inline void relate_images(Case& op, Random& random) {
  const std::string& id = op.table.id;
  int64_t rows = random.between(1, 4);
  int64_t columns = random.between(1, 4);
  if (id.rfind("conv", 0) == 0) relate_convolution(op, random);
  if (id.rfind("groupNorm", 0) == 0) op.size('C') = op.size('G') * rows;
  if (id.rfind("attention", 0) == 0) op.size('C') = op.size('H') * rows;
  if (id.rfind("pool", 0) == 0) {
    op.size('P') = choose_side(op, random, "height", true, &op.size('H'));
    op.size('Q') = choose_side(op, random, "width", true, &op.size('W'));
  }
  if (id.rfind("upsample", 0) == 0) {
    op.size('P') = op.size('H') * rows;
    op.size('Q') = op.size('W') * columns;
  }
  if (id == "pixelShuffle") {
    bool inverse = random.chance(50);
    op.integer("inverse") = inverse ? 1 : 0;
    op.size(inverse ? 'H' : 'P') = op.size(inverse ? 'P' : 'H') * rows;
    op.size(inverse ? 'W' : 'Q') = op.size(inverse ? 'Q' : 'W') * columns;
    op.size(inverse ? 'E' : 'D') = op.size(inverse ? 'D' : 'E') * rows * columns;
  }
}

}  // namespace fuzz
