/** The command line. Nothing else depends on it. */
@NullMarked
package io.github.vae4j.cli;

import org.jspecify.annotations.NullMarked;
