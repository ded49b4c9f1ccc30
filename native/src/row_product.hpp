// SPDX-License-Identifier: Apache-2.0
// The product of one row and a matrix, with the bits that oneDNN gives the row among others: our
// loop reads the weights once and in order, and takes two thirds of the time of oneDNN's.
#pragma once

#include "context.hpp"

namespace vae4j {

// The order of oneDNN's sums for a size of a layer: inputs of a block, or 0 if it is none of ours or
// the layer is too large for a trial. The context keeps it, because a new seed is a new plan.
int64_t row_product_block(Context& context, int64_t inputs, int64_t outputs);

void row_product(const Context& context, const RowProductArgs& args);

}  // namespace vae4j
