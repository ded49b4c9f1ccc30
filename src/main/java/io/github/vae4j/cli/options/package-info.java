// SPDX-License-Identifier: Apache-2.0
/**
 * Options that commands share, and the conversion of their texts. The package does not depend on
 * the commands.
 */
@NullMarked
package io.github.vae4j.cli.options;

import org.jspecify.annotations.NullMarked;
