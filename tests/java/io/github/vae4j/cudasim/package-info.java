// SPDX-License-Identifier: Apache-2.0
/** The emulated CUDA device of {@code tests/cudasim}: its control from Java, and its own tests. */
@NullMarked
package io.github.vae4j.cudasim;

import org.jspecify.annotations.NullMarked;
