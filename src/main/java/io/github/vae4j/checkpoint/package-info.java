// SPDX-License-Identifier: Apache-2.0
/**
 * What a run leaves on disk, and how it is read again: models, checkpoints, specifications and
 * metrics. Every file is complete or is not there; a damaged one is named with what is wrong in it.
 */
@NullMarked
package io.github.vae4j.checkpoint;

import org.jspecify.annotations.NullMarked;
