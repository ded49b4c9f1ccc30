// SPDX-License-Identifier: Apache-2.0
/** Data sets and the readers that make them. */
@NullMarked
package io.github.vae4j.data;

import org.jspecify.annotations.NullMarked;
