// SPDX-License-Identifier: Apache-2.0
/**
 * Pictures of rows that are images. The package needs no display; without fonts pictures have no
 * labels.
 */
@NullMarked
package io.github.vae4j.picture;

import org.jspecify.annotations.NullMarked;
