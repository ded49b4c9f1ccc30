// SPDX-License-Identifier: Apache-2.0
/** The variational autoencoder engine: the facade and its exceptions. */
@NullMarked
package io.github.vae4j;

import org.jspecify.annotations.NullMarked;
