// SPDX-License-Identifier: Apache-2.0
/** Data, protocols and baselines of anomaly detection, for tests and for benchmarks/anomaly.sh. */
@NullMarked
package io.github.vae4j.anomaly;

import org.jspecify.annotations.NullMarked;
