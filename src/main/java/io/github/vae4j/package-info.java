// SPDX-License-Identifier: Apache-2.0
/** The variational autoencoder engine: its facade and its exceptions. */
@NullMarked
package io.github.vae4j;

import org.jspecify.annotations.NullMarked;
