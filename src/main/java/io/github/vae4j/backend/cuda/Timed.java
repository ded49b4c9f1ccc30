// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import java.util.List;

/**
 * Steps and their time.
 *
 * @param steps in their order
 * @param micros microseconds; infinite where nothing is measured
 */
record Timed(List<Step> steps, double micros) {
  Timed(Step step, double micros) {
    this(List.of(step), micros);
  }
}
