// SPDX-License-Identifier: Apache-2.0
/** Elementary functions with the same bits in Java and in C++. */
@NullMarked
package io.github.vae4j.numeric;

import org.jspecify.annotations.NullMarked;
