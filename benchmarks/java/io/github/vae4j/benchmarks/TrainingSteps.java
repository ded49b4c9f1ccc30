// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.benchmarks;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Time and, with {@code -prof gc}, Java allocation of a training step. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class TrainingSteps {
  private static final int STEPS = 256;

  /** The backend. */
  @Param("cpu")
  public String backend = "cpu";

  /** Rows a step. */
  @Param({"128", "1024"})
  public int batch = 128;

  private @Nullable Runs runs;

  /** Plans the run. */
  @Setup(Level.Trial)
  public void open() {
    runs = new Runs(backend, batch);
  }

  /**
   * Takes steps.
   *
   * @param hole keeps the result
   */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public void step(Blackhole hole) {
    hole.consume(Objects.requireNonNull(runs).take(STEPS));
  }

  /** Frees the run. */
  @TearDown(Level.Trial)
  public void close() {
    Objects.requireNonNull(runs).close();
  }
}
