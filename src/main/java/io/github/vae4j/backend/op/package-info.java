// SPDX-License-Identifier: Apache-2.0
/** One record per op: its operands, its shapes and its mathematics. */
@NullMarked
package io.github.vae4j.backend.op;

import org.jspecify.annotations.NullMarked;
