// SPDX-License-Identifier: Apache-2.0
/** Observation models p(x|z): their oracle in Java and the registry that names them. */
@NullMarked
package io.github.vae4j.likelihood;

import org.jspecify.annotations.NullMarked;
