// SPDX-License-Identifier: Apache-2.0
/** Tests of models of tables. */
@NullMarked
package io.github.vae4j.table;

import org.jspecify.annotations.NullMarked;
