// SPDX-License-Identifier: Apache-2.0
/**
 * Statistics of matrices: of codes and known factors, of images, of their features. The package
 * depends on neither models nor backends.
 */
@NullMarked
package io.github.vae4j.metrics;

import org.jspecify.annotations.NullMarked;
