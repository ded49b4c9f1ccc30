// SPDX-License-Identifier: Apache-2.0
/**
 * Convolutions by cuDNN 9: each is planned once, with its descriptors, algorithm and workspace.
 * {@link io.github.vae4j.backend.cuda.dnn.DnnHandle} plans them. The package uses addresses and
 * sizes and does not depend on ops.
 *
 * <p>It uses the legacy API (three convolutions and their descriptors) and not the graph API, for
 * these reasons:
 *
 * <ul>
 *   <li>Same bits. The documentation names the algorithms that are not deterministic: backward
 *       filter 0 and 3, backward data 0; all other routines "generate the same bit-wise results
 *       across runs when executed on GPUs with the same architecture" (cuDNN, Odds and Ends,
 *       Reproducibility). The graph API has engines, whose determinism is a note of each engine.
 *   <li>A choice is a number, which a run keeps in its checkpoint. An engine's configuration is a
 *       list of knobs that belongs to one version.
 *   <li>The rounding is stated by the math type: "CUDNN_DEFAULT_MATH permits TF32 Tensor Core
 *       operation and CUDNN_FMA_MATH does not" (cudnnMathType_t).
 *   <li>The graph API's gain is the fusion of a convolution with element-wise ops. Our kernels
 *       apply all activations, most of which it would compile at run time.
 * </ul>
 *
 * <p>The headers of cuDNN 9 mark the legacy convolutions as deprecated. Every 9.x has them, because
 * a minor version keeps the functions of its major version; the soname has the major version. A
 * version 10 without them needs another {@link io.github.vae4j.backend.cuda.dnn.DnnHandle}, and
 * other bindings.
 *
 * <p>Restrictions, each from the tables of the function's documentation: with a filter in NHWC
 * (cuDNN's KRSC) x, dy and y must be packed NHWC, of one type, and the algorithms are IMPLICIT_GEMM
 * and IMPLICIT_PRECOMP_GEMM forward, 0 and 1 backward, with any dilation and any number of groups.
 * Of these the tensor cores compute IMPLICIT_PRECOMP_GEMM and 1 (Legacy API, Supported Algorithms).
 * A tensor has at most 2 Giga-elements. No alignment is documented; all operands are at multiples
 * of 16 bytes here.
 */
@NullMarked
package io.github.vae4j.backend.cuda.dnn;

import org.jspecify.annotations.NullMarked;
