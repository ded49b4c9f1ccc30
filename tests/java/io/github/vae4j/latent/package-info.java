// SPDX-License-Identifier: Apache-2.0
/** Tests of latent families. */
@NullMarked
package io.github.vae4j.latent;

import org.jspecify.annotations.NullMarked;
