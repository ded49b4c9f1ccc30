// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import java.util.List;

/**
 * A kernel launch among the steps of a program, for tests.
 *
 * @param kernel its name
 * @param argumentSizes the bytes of each argument's slots
 */
public record Launched(String kernel, List<Integer> argumentSizes) {
  /** The launches among steps, in their order. */
  public static List<Launched> among(List<Step> steps) {
    return steps.stream()
        .filter(Launch.class::isInstance)
        .map(Launch.class::cast)
        .map(launch -> new Launched(launch.kernel(), launch.argumentSizes()))
        .toList();
  }
}
