// SPDX-License-Identifier: Apache-2.0
/** Tests of schemas of tables. */
@NullMarked
package io.github.vae4j.schema;

import org.jspecify.annotations.NullMarked;
