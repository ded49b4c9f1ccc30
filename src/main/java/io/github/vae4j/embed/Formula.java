// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.embed;

import java.util.StringJoiner;

/**
 * A number of a plan as a function of its {@link Sizes}: {@code constant + b B + l L + bl B L + s
 * S}. As text it is a sum without zero terms, such as {@code 784B} or {@code 20BL+3}; a factor of 1
 * is not written.
 */
record Formula(long constant, long b, long l, long bl, long s) {
  /**
   * The formula of numbers in plans that differ in their sizes alone.
   *
   * @param values one for each of {@link Sizes#EXAMPLES}
   * @throws IllegalStateException if there is no such formula
   */
  static Formula of(long[] values) {
    // The examples are (5, 3, 0), (7, 3, 0), (5, 4, 0), (7, 4, 0), (5, 3, 1).
    long bl = (values[3] - values[2] - values[1] + values[0]) / 2;
    long b = (values[1] - values[0]) / 2 - 3 * bl;
    long l = values[2] - values[0] - 5 * bl;
    long s = values[4] - values[0];
    Formula formula = new Formula(values[0] - 5 * b - 3 * l - 15 * bl, b, l, bl, s);
    for (int i = 0; i < values.length; i++) {
      if (formula.at(Sizes.EXAMPLES.get(i)) != values[i]) {
        throw new IllegalStateException(
            "a plan has the number "
                + values[i]
                + " for "
                + Sizes.EXAMPLES.get(i)
                + ", not "
                + formula
                + ": it is no sum of multiples of B, L, B L and S");
      }
    }
    return formula;
  }

  long at(Sizes sizes) {
    long samples = (long) sizes.batch() * sizes.samples();
    return constant + b * sizes.batch() + l * sizes.samples() + bl * samples + s * sizes.seed();
  }

  @Override
  public String toString() {
    StringJoiner sum = new StringJoiner("+");
    sum.setEmptyValue("0");
    add(sum, bl, "BL");
    add(sum, b, "B");
    add(sum, l, "L");
    add(sum, s, "S");
    if (constant != 0) {
      sum.add(Long.toString(constant));
    }
    return sum.toString();
  }

  private static void add(StringJoiner sum, long factor, String variable) {
    if (factor != 0) {
      sum.add(factor == 1 ? variable : factor + variable);
    }
  }
}
