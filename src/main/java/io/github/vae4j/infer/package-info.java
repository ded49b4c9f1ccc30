// SPDX-License-Identifier: Apache-2.0
/**
 * Passes of a trained model over data on a backend, and their results: bounds, likelihoods, codes,
 * decoded rows, samples.
 */
@NullMarked
package io.github.vae4j.infer;

import org.jspecify.annotations.NullMarked;
