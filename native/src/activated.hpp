// SPDX-License-Identifier: Apache-2.0
// The activation of a layer whose op has the members preactivation, y and activation.
#pragma once

#include <string>

#include "ops.hpp"

namespace vae4j {

// The activation of a layer, whose preactivation is given exactly if the activation needs it. The
// prefix is that of the layer's members in messages.
template <class Layer>
const ActivationKernel& activation_of(const Context& context, const char* op,
                                      const std::string& prefix, const Layer& layer) {
  const ActivationKernel& activation =
      activation_kernel(context, op, (prefix + "activation").c_str(), layer.activation);
  if (activation.needs_preactivation != (layer.preactivation.data != nullptr)) {
    throw wrong(op, (prefix + "preactivation").c_str(),
                activation.needs_preactivation
                    ? std::string("a tensor, which ") + activation.name + " needs"
                    : std::string("NULL, as ") + activation.name + " needs none",
                text(layer.preactivation));
  }
  return activation;
}

inline bool is_linear(const ActivationKernel& activation) {
  return activation.name == std::string("identity");
}

// The operand that the derivative is computed from.
template <class Layer>
float* kept_of(const ActivationKernel& activation, const Layer& layer) {
  return floats(activation.needs_preactivation ? layer.preactivation : layer.y);
}

}  // namespace vae4j
