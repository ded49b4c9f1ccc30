// SPDX-License-Identifier: Apache-2.0
/** The speed of a training step, relative to the rate of matrix products on the same machine. */
@NullMarked
package io.github.vae4j.bench;

import org.jspecify.annotations.NullMarked;
