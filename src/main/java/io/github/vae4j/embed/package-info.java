// SPDX-License-Identifier: Apache-2.0
/**
 * The programs of a model for {@code libvae4j}: the ops of encoding, sampling, scoring and decoding
 * as text, with the sizes of a batch as variables. The native library runs a model by these
 * programs and plans no layers of its own.
 */
@NullMarked
package io.github.vae4j.embed;

import org.jspecify.annotations.NullMarked;
