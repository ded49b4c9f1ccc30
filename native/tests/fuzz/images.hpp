// SPDX-License-Identifier: Apache-2.0
// Sizes and settings of the ops of images, other than convolutions, that go together.
#pragma once

#include "case.hpp"

namespace fuzz {

// A side of a pooling window; returns the size of the output. The input becomes as large as the
// kernel without its padding.
inline int64_t choose_side(Case& op, Random& random, const std::string& side, int64_t* input) {
  int64_t kernel = random.between(1, 4);
  int64_t padding = random.between(0, kernel / 2);
  int64_t stride = random.between(1, 5);
  op.integer("kernel_" + side) = kernel;
  op.integer("padding_" + side) = padding;
  op.integer("stride_" + side) = stride;
  op.integer("dilation_" + side) = 1;
  *input = std::max(*input, kernel - 2 * padding);
  return (*input + 2 * padding - kernel) / stride + 1;
}

inline void relate_images(Case& op, Random& random) {
  const std::string& id = op.table.id;
  int64_t rows = random.between(1, 4);
  int64_t columns = random.between(1, 4);
  if (id.rfind("groupNorm", 0) == 0) op.size('C') = op.size('G') * rows;
  if (id.rfind("pool", 0) == 0) {
    op.size('P') = choose_side(op, random, "height", &op.size('H'));
    op.size('Q') = choose_side(op, random, "width", &op.size('W'));
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
