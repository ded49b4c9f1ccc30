// SPDX-License-Identifier: Apache-2.0
/** Schemas of tables: the kinds of columns, their inference, and rows of texts as numbers. */
@NullMarked
package io.github.vae4j.schema;

import org.jspecify.annotations.NullMarked;
