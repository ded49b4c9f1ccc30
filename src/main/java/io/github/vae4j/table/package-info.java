// SPDX-License-Identifier: Apache-2.0
/** Models of tables: training, scores, explanations, imputation. */
@NullMarked
package io.github.vae4j.table;

import org.jspecify.annotations.NullMarked;
