// SPDX-License-Identifier: Apache-2.0
/**
 * The CUDA driver and its compiler: devices, memory, kernels, launches, graphs. It knows buffers
 * and bytes, no op. {@link io.github.vae4j.backend.cuda.driver.Gpu} is a device that is open; most
 * of the rest is behind it.
 */
@NullMarked
package io.github.vae4j.backend.cuda.driver;

import org.jspecify.annotations.NullMarked;
