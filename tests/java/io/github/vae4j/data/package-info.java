// SPDX-License-Identifier: Apache-2.0
/** Tests of data sets and their readers. */
@NullMarked
package io.github.vae4j.data;

import org.jspecify.annotations.NullMarked;
