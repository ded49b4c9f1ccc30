// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import io.github.vae4j.table.Scorer;
import io.github.vae4j.table.TableModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Two applications of one JVM score the same row of a table, each in several threads. */
final class TwoScorers {
  private static final int THREADS = 4;
  private static final int CALLS = 20;

  private TwoScorers() {}

  /**
   * Scores in the first, in the second and in the first application again.
   *
   * @param args the folder of the model
   */
  public static void main(String[] args) throws Exception {
    TwoLoaders.inEach(TwoScorers.class, "score", args[0], null);
  }

  /** The different scores of a row in all threads. */
  static String score(String folder) throws Exception {
    Map<String, Object> row = Map.of("amount", 21.5, "land", "FR");
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (Scorer scorer = TableModel.load(Path.of(folder)).scorer()) {
      List<Callable<Double>> calls = new ArrayList<>();
      for (int i = 0; i < THREADS * CALLS; i++) {
        calls.add(() -> scorer.score(row).score());
      }
      TreeSet<Double> scores = new TreeSet<>();
      for (Future<Double> call : threads.invokeAll(calls)) {
        scores.add(call.get());
      }
      return String.join(" ", scores.stream().map(String::valueOf).toList());
    } finally {
      threads.shutdown();
    }
  }
}
