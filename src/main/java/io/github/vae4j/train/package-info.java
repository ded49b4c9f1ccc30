// SPDX-License-Identifier: Apache-2.0
/** Training: configuration, the loop, its state and its listeners. */
@NullMarked
package io.github.vae4j.train;

import org.jspecify.annotations.NullMarked;
