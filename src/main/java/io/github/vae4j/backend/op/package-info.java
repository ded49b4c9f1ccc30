// SPDX-License-Identifier: Apache-2.0
/**
 * The ops: one record per op, with its operands, their shapes and, in its Javadoc, the mathematics.
 */
@NullMarked
package io.github.vae4j.backend.op;

import org.jspecify.annotations.NullMarked;
