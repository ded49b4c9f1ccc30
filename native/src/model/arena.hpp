// SPDX-License-Identifier: Apache-2.0
// The weights of a model's file in the order of its programs.
#pragma once

#include "model/plan.hpp"
#include "model/programs.hpp"
#include "model/safetensors.hpp"

namespace vae4j::model {

// Copies the tensors of a file into memory; fails if one is missing, of another shape or not
// finite. length: elements of the arena, of which the tensors leave gaps of less than 64 bytes.
Arena read_arena(const SafeTensors& file, const std::vector<ParameterText>& parameters,
                 int64_t length);

}  // namespace vae4j::model
