// SPDX-License-Identifier: Apache-2.0
/**
 * The backend for NVIDIA GPUs: driver API, cuBLASLt and our own kernels (the {@code .cu} files of
 * {@code io/github/vae4j/kernels}). A program's ops are planned once into steps (kernel launches
 * and matrix products with all their arguments in native memory); running it only submits them.
 * Everything here has been run on the emulated device of {@code tests/cudasim}; what has been run
 * on hardware is said in the README.
 */
@NullMarked
package io.github.vae4j.backend.cuda;

import org.jspecify.annotations.NullMarked;
