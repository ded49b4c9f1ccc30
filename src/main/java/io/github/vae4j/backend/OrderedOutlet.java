// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.Turn;

/** An outlet of a backend that orders reads with its ops: a request reads the numbers at once. */
final class OrderedOutlet implements Outlet {
  private final Buffer source;
  private final double[] numbers;

  OrderedOutlet(Buffer source) {
    this.source = source;
    this.numbers = new double[Math.toIntExact(source.length())];
  }

  @Override
  public void request() {
    source.read(numbers);
  }

  @Override
  public boolean arrived() {
    try (Turn turn = source.memory().turn().take()) {
      return true;
    }
  }

  @Override
  public void take(double[] target) {
    try (Turn turn = source.memory().turn().take()) {
      System.arraycopy(numbers, 0, target, 0, numbers.length);
    }
  }

  @Override
  public void close() {
    source.memory().turn().takeToFree().close();
  }
}
