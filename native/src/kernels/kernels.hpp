// SPDX-License-Identifier: Apache-2.0
// The library's own loops. They are compiled once per instruction set and chosen when a context is
// created. A loop computes a range, on one thread; the caller splits the work, always at the same
// places, so that results do not depend on the number of threads.
#pragma once

#include <cstdint>

#include "attention_kernels.hpp"
#include "conv_kernels.hpp"
#include "image_kernels.hpp"

namespace vae4j {

// The coordinates that all draws of one op share: seed, stream and step.
struct Draw {
  uint32_t key_low;
  uint32_t key_high;
  uint32_t step_low;
  uint32_t step_high;  // stream << 24 | bits 32 to 55 of the step

  static Draw at(int64_t seed, int stream, int64_t step) {
    uint64_t key = static_cast<uint64_t>(seed);
    uint64_t clock = static_cast<uint64_t>(step);
    return {static_cast<uint32_t>(key), static_cast<uint32_t>(key >> 32),
            static_cast<uint32_t>(clock),
            static_cast<uint32_t>(stream) << 24 | (static_cast<uint32_t>(clock >> 32) & 0xFFFFFFu)};
  }
};

struct ReparameterizeArgs {
  const float* stats;
  float* z;
  float* kl;
  float* log_ratio;  // or null
  int samples;
  int latent;
  uint32_t first_row;  // of the noise
  Draw draw;
};

// The estimator of the latent term's gradient.
enum class Estimator { kAnalytic, kSampled, kDoublyReparameterized };

struct ReparameterizeBackwardArgs {
  const float* stats;
  const float* dz;
  const float* kl_per_dimension;  // or null
  const float* weight;            // or null
  float* dstats;
  int samples;
  int groups;
  int latent;
  uint32_t first_row;
  Draw draw;
  float kl_weight;  // klScale * beta, times the capacity's sign
  float free_bits;
  Estimator estimator;
};

// A mixture of diagonal Gaussians, for the forward and the backward pass.
struct Mixture {
  const float* components;  // (count, 2 latent)
  float* precisions;        // (count, latent): exp(-logvar)
  float* offsets;           // (count): the log weight, less half the sum of logvar
  int count;
  int latent;
};

struct MixtureArgs {
  Mixture mixture;
  const float* z;
  float* responsibilities;
  float* log_ratio;
};

struct MixtureBackwardArgs {
  Mixture mixture;
  const float* z;
  const float* responsibilities;
  const float* weight;  // or null
  float* dz;
  float* dcomponents;
  int64_t rows;
  float scale;  // scale * beta
};

struct GaussianPriorArgs {
  const float* z;
  const float* components;  // (rows, 2 latent)
  float* log_ratio;
  int latent;
};

struct GaussianPriorBackwardArgs {
  const float* z;
  const float* components;
  const float* weight;  // or null
  float* dz;
  float* dcomponents;
  int latent;
  float scale;  // scale * beta
};

// Parameters are those of the first row's first map.
struct PlanarArgs {
  const float* parameters;
  const float* z0;
  float* z;
  float* tanh;
  float* log_ratio;
  int samples;
  int latent;
  int layers;
  int width;
};

struct PlanarBackwardArgs {
  const float* parameters;
  const float* z;
  const float* tanh;
  const float* weight;  // or null
  float* dz;
  float* dparameters;
  float* y;  // (batch, latent): where a row's sample goes back through the maps
  int samples;
  int latent;
  int layers;
  int width;
  float scale;  // scale * beta
};

// Parameters are those of the first row's first entry of A.
struct TriangularArgs {
  const float* parameters;
  const float* z0;
  float* z;
  float* log_ratio;
  int samples;
  int latent;
  int width;
};

struct TriangularBackwardArgs {
  const float* parameters;
  const float* z0;
  const float* z;
  const float* weight;  // or null
  float* dz;
  float* dparameters;
  int samples;
  int latent;
  int width;
  float scale;  // scale * beta
};

// A block of columns with one model; pointers are to the block's first number in the first row.
struct LikelihoodArgs {
  const double* constants;
  const float* parameters;
  const float* shared;  // or null
  const float* x;
  const float* mask;  // or null
  float* gradient;    // or null; may be parameters
  int samples;        // rows of parameters per row of x
  int columns;        // of the block
  int features;       // from a row of x to the next
  int64_t width;      // from a row of parameters to the next
};

// Rows that are computed together, one in each lane of SIMD code, where a block has too few columns
// to fill the lanes. The number of lanes is constant, and those behind the last row repeat it: so
// each row is computed by the same instructions, whatever its place among the others.
constexpr int kTileRows = 32;

// The most parameters of a block whose rows are computed together: with more, one row fills the
// lanes as well.
constexpr int kTileParameters = 128;

struct LikelihoodTile {
  bool one_x;                                     // whether all rows have the same x and mask
  int64_t x[kTileRows];                           // from the block's first x or mask to the row's
  float parameters[kTileParameters * kTileRows];  // of a block, (parameters, lanes)
};

struct LikelihoodKernel {
  const char* name;
  int constants;  // the number of its constants
  int shared;     // the number of shared parameters: 0 or 1
  // The number of parameters of a column; 0 if the constants are impossible.
  int (*parameters)(const double* constants);
  // The nll of a row's columns; sets scale times the gradient, unless that is null, and the row's
  // term of the gradient of the shared parameter, if there is one.
  double (*row)(const LikelihoodArgs&, int64_t row, float scale, double* dshared);
  // If the shared log variance is set to a batch's optimum, a row's term of that; else null.
  void (*squares)(const LikelihoodArgs&, int64_t row, double* squares, double* count);
  // Adds the nll of each row of a tile; null if there are no such loops.
  void (*tile)(const LikelihoodArgs&, const LikelihoodTile&, double* nll);
};

// Codes and draws of the prior, both transposed, (latent, rows).
struct MmdArgs {
  const float* codes;
  const float* prior;
  float* slopes;  // (rows, latent)
  float* dz;
  double* sums;  // (rows): the term of each row in the sum of kernels
  int64_t rows;
  int latent;
  float kernel_scale;
  float factor;  // of the slopes in dz
};

// The densities of a batch at its samples. mu, precision and offset are transposed, (latent, batch).
struct DensityArgs {
  const float* stats;
  const float* z;
  float* mu;
  float* precision;
  float* offset;
  int64_t batch;
  int64_t samples;
  int latent;
  float log_own;    // the weight of a sample's own row
  float log_other;  // and of another
  float factor;     // scale / (batch samples)
};

struct CorrelationArgs {
  float* dz;
  float* joint;
  float* marginal;
  double* sums;  // (batch samples): log joint less the log marginals
};

// codes and marginals are transposed, (latent, batch samples).
struct CorrelationBackwardArgs {
  const float* codes;
  const float* joint;
  const float* marginals;
  float* dstats;
};

// Of layer_norm: moments are of rows.
struct NormArgs {
  const float* x;
  const float* scale;
  const float* shift;
  float* mean;
  float* variance;
  float* y;
  int64_t rows;
  int64_t columns;
  float epsilon;
};

struct NormBackwardArgs {
  const float* x;
  const float* scale;
  const float* mean;
  const float* variance;
  const float* dy;
  float* dx;  // or null
  float* dscale;
  float* dshift;
  int64_t rows;
  int64_t columns;
  float epsilon;
};

struct ActivationKernel {
  const char* name;
  bool needs_preactivation;
  // y = f(v); y may be v.
  void (*forward)(const float* v, float* y, int64_t count);
  // For columns [begin, end): dy *= f' at kept (y, or v where it is needed), and dbias = the column
  // sums of dy.
  void (*backward)(const float* kept, float* dy, float* dbias, int rows, int columns, int begin,
                   int end);
  // dx = dy f' at kept.
  void (*gradient)(const float* kept, const float* dy, float* dx, int64_t count);
};

struct AdamArgs {
  float* parameters;
  const float* gradients;
  float* m;
  float* v;
  float* average;  // or null
  float clip;
  float rate;          // learning rate / (1 - beta1^t)
  float inverse_root;  // 1 / (1 - beta2^t)
  float take1;         // 1 - beta1
  float take2;         // 1 - beta2
  float epsilon;
  float added_decay;      // weight decay in the gradient
  float decoupled_decay;  // learning rate * weight decay, taken from the parameter
  float take_average;     // 1 - emaDecay
};

// y = x W + bias of one row, which do not overlap.
struct RowProductArgs {
  const float* x;
  const float* weight;  // (inputs, outputs)
  const float* bias;
  float* y;
  int64_t inputs;
  int64_t outputs;  // at least the columns of a vector
  int64_t block;    // inputs whose sum is added to that of the blocks before
};

struct RowProductKernel {
  int lanes;  // columns of a vector
  int most;   // vectors of a call
  // Vectors [begin, end) of the columns; the last vector of all ends with the last column.
  void (*run)(const RowProductArgs&, int64_t begin, int64_t end);
};

struct Kernels {
  const char* isa;
  // The raw words of blocks 0 to blocks - 1 of a row, four each.
  void (*words)(const Draw&, uint32_t row, int blocks, uint32_t* words);
  void (*scale_bytes)(const uint8_t* source, float scale, float* out, int count);
  void (*scale_floats)(const float* source, float scale, float* out, int count);
  // Where a value is not a number, value and mask become 0; elsewhere the mask becomes 1.
  void (*mask_missing)(float* values, float* mask, int count);
  // values[d] = 1 where uniform(row, d) < values[d], else 0.
  void (*binarize)(const Draw&, uint32_t row, float* values, int count);
  // Rows [begin, end) of stats; kl_sums (latent), or null, receives the sums of the KL's terms.
  void (*reparameterize)(const ReparameterizeArgs&, int begin, int end, float* kl_sums);
  void (*reparameterize_backward)(const ReparameterizeBackwardArgs&, int begin, int end);
  // out[d rows + row] = source[row columns + d] for rows [begin, end).
  void (*transpose)(const float* source, int64_t begin, int64_t end, int columns, int64_t rows,
                    float* out);
  // The same of normals, row by row.
  void (*transposed_normals)(const Draw&, int64_t begin, int64_t end, int latent, int64_t rows,
                             float* out);
  void (*mmd_rows)(const MmdArgs&, int64_t begin, int64_t end);
  void (*prepare_densities)(const DensityArgs&, int64_t begin, int64_t end);
  // Samples [begin, end); scratch has 2 batch elements.
  void (*correlation_rows)(const DensityArgs&, const CorrelationArgs&, int64_t begin, int64_t end,
                           float* scratch);
  // Rows [begin, end) of stats; scratch has 2 batch samples elements.
  void (*correlation_backward_rows)(const DensityArgs&, const CorrelationBackwardArgs&,
                                    int64_t begin, int64_t end, float* scratch);
  // Fills precisions; takes half the sums of logvar from offsets.
  void (*prepare_mixture)(const Mixture&);
  // Rows [begin, end) of z.
  void (*mixture_prior)(const MixtureArgs&, int64_t begin, int64_t end);
  void (*mixture_prior_dz)(const MixtureBackwardArgs&, int64_t begin, int64_t end);
  // Component k's gradient: a sum over all rows, in their order.
  void (*mixture_prior_dcomponent)(const MixtureBackwardArgs&, int k);
  void (*gaussian_prior)(const GaussianPriorArgs&, int64_t begin, int64_t end);
  void (*gaussian_prior_backward)(const GaussianPriorBackwardArgs&, int64_t begin, int64_t end);
  // Rows [begin, end) of the batch, with all their samples.
  void (*planar_flow)(const PlanarArgs&, int64_t begin, int64_t end);
  void (*planar_flow_backward)(const PlanarBackwardArgs&, int64_t begin, int64_t end);
  void (*triangular_map)(const TriangularArgs&, int64_t begin, int64_t end);
  void (*triangular_map_backward)(const TriangularBackwardArgs&, int64_t begin, int64_t end);
  // Rows [begin, end).
  void (*layer_norm)(const NormArgs&, int64_t begin, int64_t end);
  void (*layer_norm_dx)(const NormBackwardArgs&, int64_t begin, int64_t end);
  // Columns [begin, end).
  void (*layer_norm_dscale)(const NormBackwardArgs&, int64_t begin, int64_t end);
  // y[c] = 0 where uniform(row, c) < rate, else x[c] factor.
  void (*dropout)(const Draw&, uint32_t row, float rate, float factor, const float* x, float* y,
                  int count);
  void (*running_average)(const float* value, float* average, float keep, float take,
                          int64_t count);
  void (*add)(const float* source, float* target, int64_t count);
  ImageKernels image;
  const LikelihoodKernel* likelihoods;
  int likelihood_count;
  const ActivationKernel* activations;
  int activation_count;
  double (*sum_of_squares)(const float* values, int64_t count);
  void (*adam)(const AdamArgs&, int64_t begin, int64_t end);
  ConvKernels conv;
  AttentionKernels attention;
  RowProductKernel row_product;
};

namespace baseline {
extern const Kernels kernels;
}
namespace avx2 {
extern const Kernels kernels;
}
namespace avx512 {
extern const Kernels kernels;
}

}  // namespace vae4j
