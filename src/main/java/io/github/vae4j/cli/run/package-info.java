// SPDX-License-Identifier: Apache-2.0
/**
 * A training run from its data to its pictures, and the printing of reports. The package does not
 * depend on the command line's options.
 */
@NullMarked
package io.github.vae4j.cli.run;

import org.jspecify.annotations.NullMarked;
