// SPDX-License-Identifier: Apache-2.0
/** Backends, which allocate memory and compile ops into programs. */
@NullMarked
package io.github.vae4j.backend;

import org.jspecify.annotations.NullMarked;
