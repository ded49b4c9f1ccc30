// SPDX-License-Identifier: Apache-2.0
/**
 * The CUDA driver and its compiler: devices, memory, kernels, launches, graphs. The package manages
 * buffers and bytes and does not depend on ops. {@link io.github.vae4j.backend.cuda.driver.Gpu} is
 * an open device and hides most other classes.
 */
@NullMarked
package io.github.vae4j.backend.cuda.driver;

import org.jspecify.annotations.NullMarked;
