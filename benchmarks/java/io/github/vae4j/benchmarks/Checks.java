// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.benchmarks;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.Fingerprint;
import io.github.vae4j.tensor.Turn;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The checks that a run pays for: the turn of each call, and the fingerprint at the start. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Checks {
  private final Turn turn = new Turn("benchmark");
  private final DataSet digits = DataSets.open("mnist");

  /** Closes the data. */
  @TearDown
  public void close() {
    digits.close();
  }

  /**
   * A call of a thread that does not hold the turn.
   *
   * @return the number of closed objects
   */
  @Benchmark
  @OutputTimeUnit(TimeUnit.NANOSECONDS)
  public long turn() {
    try (Turn held = turn.take()) {
      return held.closings();
    }
  }

  /**
   * A call, and 30 further ones inside it, as of a training step.
   *
   * @return the number of closed objects
   */
  @Benchmark
  @OutputTimeUnit(TimeUnit.NANOSECONDS)
  public long turnOfAStep() {
    long closings = 0;
    try (Turn held = turn.take()) {
      for (int i = 0; i < 30; i++) {
        try (Turn inner = turn.take()) {
          closings += inner.closings();
        }
      }
      return closings + held.closings();
    }
  }

  /**
   * The fingerprint of the 60,000 digits.
   *
   * @return the fingerprint
   */
  @Benchmark
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public Fingerprint fingerprint() {
    return Fingerprint.of(digits);
  }
}
