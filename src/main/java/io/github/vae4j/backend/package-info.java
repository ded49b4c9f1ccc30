/** The waist: every computation of a model is an op of {@link io.github.vae4j.backend.Backend}. */
@NullMarked
package io.github.vae4j.backend;

import org.jspecify.annotations.NullMarked;
