// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import java.util.List;

/**
 * Plans and runs a few steps in each precision, and prints the algorithm of each matrix product,
 * one per line.
 */
public final class Products {
  private Products() {}

  /**
   * Takes the steps.
   *
   * @param arguments the batch
   */
  public static void main(String[] arguments) {
    boolean few = arguments[0].equals("16");
    for (String precision : List.of("fp32", "tf32", "bf16")) {
      System.out.println("PRECISION " + precision);
      Command answer =
          Command.ok(
              List.of(
                  "bench",
                  "--backend=cuda",
                  "--precision=" + precision,
                  "--batch=" + arguments[0],
                  few ? "--features=20" : "--features=784",
                  few ? "--hidden=8" : "--hidden=400",
                  "--product=64",
                  "--products",
                  "--steps=8",
                  "--rounds=1"));
      answer.last().get("products").forEach(line -> System.out.println("product " + line.asText()));
    }
  }
}
