// SPDX-License-Identifier: Apache-2.0
/**
 * The latent part of a model: the encoder's posterior, its samples, their cost against the prior,
 * and the one assembly of a model's pass from rows to their loss.
 */
@NullMarked
package io.github.vae4j.latent;

import org.jspecify.annotations.NullMarked;
