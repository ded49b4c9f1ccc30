// SPDX-License-Identifier: Apache-2.0
/**
 * The latent part of a model: the encoder's posterior, its samples and their KL from the prior; and
 * the assembly of a model's pass from rows to their loss.
 */
@NullMarked
package io.github.vae4j.latent;

import org.jspecify.annotations.NullMarked;
