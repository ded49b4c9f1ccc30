// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.benchmarks;

import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.Table;
import io.github.vae4j.data.TableOptions;
import io.github.vae4j.table.RowScore;
import io.github.vae4j.table.Scorer;
import io.github.vae4j.table.TableModel;
import io.github.vae4j.table.TableTraining;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The time of a call of {@link Scorer#score} with some rows of docs/examples/claims.csv. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ScorerThroughput {
  /** Rows of a call. */
  @Param({"1", "1024"})
  public int rows = 1;

  private @Nullable Scorer scorer;
  private final List<Map<String, Object>> batch = new ArrayList<>();

  /** Trains a model, briefly: its weights do not change the time. */
  @Setup
  public void train() {
    BackendOptions cpu = new BackendOptions(BackendOptions.Kind.CPU, 1, Precision.FP32);
    try (Table table = Table.open("docs/examples/claims.csv", TableOptions.defaults())) {
      TableTraining settings =
          TableTraining.defaults().column("fraud", "label").backend(cpu).epochs(5);
      scorer = TableModel.train(table, settings).scorer(cpu);
    }
    for (int i = 0; i < rows; i++) {
      batch.add(
          Map.of(
              "time",
              "2026-03-0" + (1 + i % 9) + " 14:30",
              "amount",
              20 + i % 100 / 3.0,
              "currency",
              "EUR",
              "shop",
              "shop c",
              "age",
              20 + i % 50,
              "country",
              "DE",
              "claims_before",
              i % 2));
    }
  }

  /**
   * Scores the rows.
   *
   * @return the scores
   */
  @Benchmark
  public List<RowScore> score() {
    return Objects.requireNonNull(scorer).score(batch);
  }

  /** Frees the scorer. */
  @TearDown
  public void close() {
    Objects.requireNonNull(scorer).close();
  }
}
