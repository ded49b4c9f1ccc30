// SPDX-License-Identifier: Apache-2.0
/**
 * A training run from its data to its last picture, and the printing of reports. Nothing here knows
 * an option.
 */
@NullMarked
package io.github.vae4j.cli.run;

import org.jspecify.annotations.NullMarked;
