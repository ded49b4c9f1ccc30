// SPDX-License-Identifier: Apache-2.0
// Compiled once per instruction set, with its name as VAE4J_ISA and its flags from the build.
// Nothing here may come from a header that is also compiled for another instruction set, since the
// linker keeps one copy of a shared inline function; so all code is in this namespace or in an
// anonymous one.
#include "activation.hpp"
#include "attention.hpp"
#include "conv.hpp"
#include "gather.hpp"
#include "image.hpp"
#include "likelihood.hpp"
#include "norm.hpp"
#include "optimizer.hpp"
#include "penalty.hpp"
#include "planar.hpp"
#include "prior.hpp"
#include "reparameterize.hpp"
#include "row_product.hpp"
#include "triangular.hpp"

#define VAE4J_TEXT_OF(name) #name
#define VAE4J_TEXT(name) VAE4J_TEXT_OF(name)

namespace vae4j {
namespace VAE4J_ISA {

template <class T, int kCount>
constexpr int length(const T (&)[kCount]) {
  return kCount;
}

extern const Kernels kernels = {
    VAE4J_TEXT(VAE4J_ISA),
    words,
    scale_bytes,
    scale_floats,
    mask_missing,
    binarize,
    reparameterize,
    reparameterize_backward,
    transpose,
    transposed_normals,
    mmd_rows,
    prepare_densities,
    correlation_rows,
    correlation_backward_rows,
    prepare_mixture,
    mixture_prior,
    mixture_prior_dz,
    mixture_prior_dcomponent,
    gaussian_prior,
    gaussian_prior_backward,
    planar_flow,
    planar_flow_backward,
    triangular_map,
    triangular_map_backward,
    layer_norm,
    layer_norm_dx,
    layer_norm_dscale,
    dropout,
    running_average,
    add,
    kImage,
    kLikelihoods,
    length(kLikelihoods),
    kActivations,
    length(kActivations),
    sum_of_squares,
    adam,
    kConv,
    kAttention,
    kRowProduct,
};

}  // namespace VAE4J_ISA
}  // namespace vae4j
