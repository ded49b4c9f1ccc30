// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The values that a case draws and computes, in the order in which it asks for them. They depend on
 * the case alone: its {@link Operands} on the first backend compute them, those on other backends
 * and in other placements get the same ones.
 */
final class Draws {
  private final List<Object> values = new ArrayList<>();
  private boolean computing;

  /**
   * The next value. Those who change it take a copy.
   *
   * @param index how many values the operands have asked for before
   * @param value computes it, without asking for other values
   */
  @SuppressWarnings("unchecked")
  <T> T get(int index, Supplier<T> value) {
    if (computing) {
      throw new IllegalStateException("a value was asked for while another one was computed");
    }
    if (index == values.size()) {
      computing = true;
      values.add(value.get());
      computing = false;
    }
    return (T) values.get(index);
  }
}
