// SPDX-License-Identifier: Apache-2.0
/** Dispatch on the class of a sealed type. */
@NullMarked
package io.github.vae4j.dispatch;

import org.jspecify.annotations.NullMarked;
