/** Training: configuration, the loop, its state and its listeners. */
@NullMarked
package io.github.vae4j.train;

import org.jspecify.annotations.NullMarked;
