// SPDX-License-Identifier: Apache-2.0
/** Measurements that are run by hand: see docs/benchmarks.md. */
@NullMarked
package io.github.vae4j.benchmarks;

import org.jspecify.annotations.NullMarked;
