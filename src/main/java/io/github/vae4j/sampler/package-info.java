// SPDX-License-Identifier: Apache-2.0
/**
 * Distributions of latent codes fitted to the aggregate posterior, to sample from in place of the
 * prior.
 */
@NullMarked
package io.github.vae4j.sampler;

import org.jspecify.annotations.NullMarked;
