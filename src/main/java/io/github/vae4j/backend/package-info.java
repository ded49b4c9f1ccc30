// SPDX-License-Identifier: Apache-2.0
/** Backends: memory, and the ops on it, compiled into programs. */
@NullMarked
package io.github.vae4j.backend;

import org.jspecify.annotations.NullMarked;
