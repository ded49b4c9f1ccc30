// SPDX-License-Identifier: Apache-2.0
/**
 * Writers and readers of the files of a run: models, checkpoints, specifications and metrics. A
 * file is complete or does not exist; the error for a damaged file names the file and the fault.
 */
@NullMarked
package io.github.vae4j.checkpoint;

import org.jspecify.annotations.NullMarked;
