// SPDX-License-Identifier: Apache-2.0
/**
 * Matrix products by cuBLASLt: each is planned once, with its descriptors, algorithm and workspace.
 * {@link io.github.vae4j.backend.cuda.lt.LtHandle} plans them. The package uses addresses and sizes
 * and does not depend on ops.
 */
@NullMarked
package io.github.vae4j.backend.cuda.lt;

import org.jspecify.annotations.NullMarked;
