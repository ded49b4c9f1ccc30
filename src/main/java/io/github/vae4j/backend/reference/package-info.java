// SPDX-License-Identifier: Apache-2.0
/** The reference backend: every op in plain Java loops, accumulated in double. */
@NullMarked
package io.github.vae4j.backend.reference;

import org.jspecify.annotations.NullMarked;
