// SPDX-License-Identifier: Apache-2.0
/**
 * The backend for NVIDIA GPUs: plans of ops. A program's ops are planned once into steps (launches
 * of our own kernels, the {@code .cu} files of {@code io/github/vae4j/kernels}, and matrix
 * products) with all their arguments in native memory; running it only submits them. Steps are made
 * by {@link io.github.vae4j.backend.cuda.driver} and, the products, by {@link
 * io.github.vae4j.backend.cuda.lt}; no native library is called here. Everything has been run on
 * the emulated device of {@code tests/cudasim}; what has been run on hardware is said in the
 * README.
 */
@NullMarked
package io.github.vae4j.backend.cuda;

import org.jspecify.annotations.NullMarked;
