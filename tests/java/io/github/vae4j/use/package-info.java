// SPDX-License-Identifier: Apache-2.0
/** Models in use by several threads, listeners, class loaders, and for long. */
@NullMarked
package io.github.vae4j.use;

import org.jspecify.annotations.NullMarked;
