// SPDX-License-Identifier: Apache-2.0
/** Observation models p(x|z): their specification in Java, and the registry of their names. */
@NullMarked
package io.github.vae4j.likelihood;

import org.jspecify.annotations.NullMarked;
