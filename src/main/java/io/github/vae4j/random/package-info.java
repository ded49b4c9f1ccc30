// SPDX-License-Identifier: Apache-2.0
/** Counter-based randomness: a draw is a function of its coordinates, not of the order of calls. */
@NullMarked
package io.github.vae4j.random;

import org.jspecify.annotations.NullMarked;
