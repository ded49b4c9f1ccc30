// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.lt;

import io.github.vae4j.backend.cuda.driver.Step;
import java.util.List;

/**
 * Steps and their time.
 *
 * @param steps in their order
 * @param micros microseconds; infinite if nothing is measured
 */
public record Timed(List<Step> steps, double micros) {
  /**
   * A step and its time.
   *
   * @param step the single step
   * @param micros microseconds; infinite if it is not measured
   */
  public Timed(Step step, double micros) {
    this(List.of(step), micros);
  }
}
