// SPDX-License-Identifier: Apache-2.0
/** The commands of {@code ./vae4j}: each parses its options, calls the library and reports. */
@NullMarked
package io.github.vae4j.cli;

import org.jspecify.annotations.NullMarked;
