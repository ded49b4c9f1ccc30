// SPDX-License-Identifier: Apache-2.0
/**
 * The ops of nets: parameters in arenas, and a stage for each layer. A stage plans the ops of a
 * layer for one batch size; a backend compiles them.
 */
@NullMarked
package io.github.vae4j.net;

import org.jspecify.annotations.NullMarked;
