// SPDX-License-Identifier: Apache-2.0
/** Typed memory and its ownership. */
@NullMarked
package io.github.vae4j.tensor;

import org.jspecify.annotations.NullMarked;
