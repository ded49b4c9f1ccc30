// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.service;

import io.github.vae4j.Sampling;
import io.github.vae4j.Vae;
import io.github.vae4j.VaeException;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.table.ScoredRow;
import io.github.vae4j.table.Scorer;
import io.github.vae4j.table.TableModel;
import io.github.vae4j.tensor.Matrix;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A service with a model of images and one of a table. It uses nothing of the tests, so that it
 * runs with the jars of a service. Each line of its output has bits of one result.
 */
public final class Service {
  private Service() {}

  /**
   * Uses each model once.
   *
   * @param arguments the file of the first model and the folder of the second one; any third one
   *     for the cpu backend and no other
   */
  public static void main(String[] arguments) {
    try {
      images(
          Path.of(arguments[0]),
          arguments.length > 2
              ? new BackendOptions(BackendOptions.Kind.CPU, 0, Precision.FP32)
              : BackendOptions.auto());
      table(Path.of(arguments[1]));
    } catch (VaeException e) {
      System.out.println("refused: " + e.getMessage());
    }
  }

  private static void images(Path file, BackendOptions options) {
    try (Vae vae = Vae.load(file, options)) {
      int pixels = vae.spec().features();
      float[][] rows = new float[3][pixels];
      for (int row = 0; row < rows.length; row++) {
        for (int i = 0; i < pixels; i++) {
          rows[row][i] = (row + 3 * i) % 7 / 7f;
        }
      }
      try (DataSet data = DataSets.of(rows)) {
        Matrix codes = vae.encode(data).mean();
        System.out.println("backend " + vae.backend().name());
        show("encode", codes);
        show("decode", vae.decode(codes));
        show("sample", vae.sample(Sampling.of(2).seed(5)));
        System.out.println("score " + Arrays.toString(vae.score(data).elbo()));
      }
    }
    try (Vae cuda =
        Vae.load(file, new BackendOptions(BackendOptions.Kind.CUDA, 1, Precision.FP32))) {
      System.out.println("cuda " + cuda.backend().name());
    } catch (VaeException e) {
      System.out.println("cuda " + e.getMessage());
    }
  }

  private static void table(Path run) {
    TableModel model = TableModel.load(run);
    try (Scorer scorer = model.scorer()) {
      Map<String, Object> row = Map.of("amount", 21.5, "land", "FR");
      ScoredRow one = scorer.explain(row, 2);
      System.out.println("row " + one.score().score() + " " + one.reasons());
      System.out.println("rows " + scorer.score(List.of(row, Map.of("amount", 900))));
    }
    try (Vae vae = model.open(BackendOptions.auto())) {
      show("synthetic", vae.sample(Sampling.of(4).seed(1)));
    }
  }

  private static void show(String name, Matrix matrix) {
    System.out.println(
        name + " " + matrix.rows() + " " + Integer.toHexString(Arrays.hashCode(matrix.values())));
  }
}
