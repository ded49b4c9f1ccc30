/** Numbers about a trained model: bounds, log-likelihoods, scores. */
@NullMarked
package io.github.vae4j.evaluate;

import org.jspecify.annotations.NullMarked;
