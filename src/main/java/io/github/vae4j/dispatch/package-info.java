// SPDX-License-Identifier: Apache-2.0
/** Dispatch over sealed types. */
@NullMarked
package io.github.vae4j.dispatch;

import org.jspecify.annotations.NullMarked;
