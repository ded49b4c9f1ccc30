// SPDX-License-Identifier: Apache-2.0
/**
 * The backend for NVIDIA GPUs: plans of ops. A program's ops are planned once into steps (launches
 * of our own kernels, the {@code .cu} files of {@code io/github/vae4j/kernels}, and matrix
 * products) with all their arguments in native memory; a run only submits them. Steps are made by
 * {@link io.github.vae4j.backend.cuda.driver} and, the products, by {@link
 * io.github.vae4j.backend.cuda.lt}; no native library is called here. docs/cuda.md lists the tests
 * on the emulated device and on hardware.
 */
@NullMarked
package io.github.vae4j.backend.cuda;

import org.jspecify.annotations.NullMarked;
