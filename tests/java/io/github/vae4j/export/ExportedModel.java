// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.infer.Codes;
import io.github.vae4j.infer.RowScores;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.Shape;
import io.github.vae4j.model.TopLevel;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Matrix;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A model with random weights and its graphs, whose results must be the same. */
final class ExportedModel implements AutoCloseable {
  /** Of differences, relative to the largest value of the row, or to 1 if all are smaller. */
  private static final double TOLERANCE = 1e-5;

  static final int SAMPLES = 3;

  final Vae vae;
  final VaeSpec spec;
  private final Path folder;
  private final @Nullable Shape image;
  private final Map<String, OrtSession> graphs = new HashMap<>();

  ExportedModel(VaeSpec spec, Path folder, boolean bytes) {
    this.spec = spec;
    this.folder = folder;
    vae = Vae.create(spec, new BackendOptions(BackendOptions.Kind.REFERENCE, 1, Precision.FP32), 5);
    vae.setWeights(changed(vae.weights()));
    boolean spatial =
        java.util.stream.Stream.concat(spec.encoder().stream(), spec.decoder().stream())
            .anyMatch(Layer::spatial);
    image = spatial && spec.image() != null ? Shape.of(spec.image()) : null;
    OnnxExport.write(new ModelFile.Model(spec, vae.weights()), folder, bytes);
  }

  /** No weight has its first value: scales, shifts and running averages among them. */
  private float[] changed(float[] weights) {
    Random random = new Random(9);
    for (ParameterLayout.Place place : new ParameterLayout(spec).places()) {
      for (int i = place.offset(); i < place.offset() + place.length(); i++) {
        boolean variance = place.parameter().role().initial() == 1;
        double change = random.nextGaussian() / 4;
        weights[i] += (float) (variance ? Math.abs(change) : change);
      }
    }
    return weights;
  }

  @Override
  public void close() throws OrtException {
    vae.close();
    for (OrtSession graph : graphs.values()) {
      graph.close();
    }
  }

  /** A graph by the name of its file, which is read once. */
  OrtSession graph(String name) throws OrtException {
    OrtSession open = graphs.get(name);
    if (open == null) {
      open = OnnxRun.open(folder.resolve(name));
      graphs.put(name, open);
    }
    return open;
  }

  /** Draws of rows from p(x|z) with random parameters: values that the likelihood supports. */
  static Matrix rows(Likelihood likelihood, int count, int features) {
    Random random = new Random(3);
    Matrix rows = Matrix.zeros(count, features);
    int outputs = likelihood.parameters(features) + likelihood.shared(features);
    for (int row = 0; row < count; row++) {
      double[] parameters = random.doubles(outputs, -1, 1).toArray();
      double[] x = new double[features];
      likelihood.sample(parameters, random, x);
      for (int d = 0; d < features; d++) {
        rows.values()[row * features + d] = (float) x[d];
      }
    }
    return rows;
  }

  /** Equal within the tolerance, in which each row has its own largest value. */
  static void near(String what, int rows, float[] expected, float[] given) {
    near(what, rows, expected, given, new float[expected.length]);
  }

  /**
   * The same.
   *
   * @param parts whose sizes count too: a score may be a small difference of large terms
   */
  private static void near(String what, int rows, float[] expected, float[] given, float[] parts) {
    assertEquals(expected.length, given.length, what);
    int columns = expected.length / rows;
    for (int row = 0; row < rows; row++) {
      double size = 1;
      for (int i = row * columns; i < (row + 1) * columns; i++) {
        size = Math.max(size, Math.max(Math.abs(expected[i]), Math.abs(parts[i])));
      }
      for (int i = row * columns; i < (row + 1) * columns; i++) {
        double difference = Math.abs((double) expected[i] - given[i]);
        assertTrue(
            difference <= TOLERANCE * size,
            what + "[" + i + "]: expected " + expected[i] + ", given " + given[i]);
      }
    }
  }

  /** Rows of vae4j, which have an image's channels last, as the graphs take them, or back. */
  static float[] channelsFirst(float[] rows, @Nullable Shape shape, boolean back) {
    if (shape == null || shape.isFlat()) {
      return rows;
    }
    int pixels = shape.height() * shape.width();
    int channels = shape.channels();
    float[] swapped = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      int row = i / shape.size();
      int pixel = i % shape.size() / channels;
      int place = row * shape.size() + i % channels * pixels + pixel;
      if (back) {
        swapped[i] = rows[place];
      } else {
        swapped[place] = rows[i];
      }
    }
    return swapped;
  }

  long[] dims(long count) {
    return image == null
        ? new long[] {count, spec.features()}
        : new long[] {count, image.channels(), image.height(), image.width()};
  }

  float[] input(Matrix rows) {
    return channelsFirst(rows.values(), image, false);
  }

  static float[] noise(Stream stream, int rows, int columns) {
    float[] eps = new float[rows * columns];
    for (int i = 0; i < eps.length; i++) {
      eps[i] = (float) Philox.normal(0, stream, 0, i / columns, i % columns);
    }
    return eps;
  }

  /** All graphs give what the model gives; the run has the rows and the condition. */
  void check(OnnxRun run, DataSet data, @Nullable Matrix condition) throws Exception {
    int count = data.rows();
    Shape code = spec.codeShape();
    Codes codes = vae.encode(data);
    Map<String, OnnxRun.Result> encoded = run.run(graph("encoder.onnx"));
    OnnxRun.Result mean = result(encoded, "mean");
    near("mean", count, codes.mean().values(), channelsFirst(mean.values(), code, true));
    near(
        "logvar",
        count,
        codes.logvar().values(),
        channelsFirst(result(encoded, "logvar").values(), code, true));
    if (!code.isFlat()) {
      assertArrayEquals(
          new long[] {count, code.channels(), code.height(), code.width()}, mean.dims());
    }

    run.put("z", mean.values(), mean.dims());
    Matrix decoded = vae.decode(codes.mean(), condition);
    Map<String, OnnxRun.Result> all = run.run(graph("decoder.onnx"));
    OnnxRun.Result x = result(all, "mean");
    assertArrayEquals(dims(count), x.dims());
    near("E[x|z]", count, decoded.values(), channelsFirst(x.values(), image, true));
    near("E[x|parameters]", count, decoded.values(), means(count, all));

    int draws = count * SAMPLES;
    run.put("eps", noise(Stream.EVALUATE, draws, spec.latent()), count, SAMPLES, spec.latent());
    TopLevel top = spec.latents().top();
    if (top != null) {
      int own = top.latent();
      run.put("eps_top", noise(Stream.EVALUATE_TOP, draws, own), count, SAMPLES, own);
    }
    RowScores scores = vae.score(data, SAMPLES, 0);
    Map<String, OnnxRun.Result> scored = run.run(graph("score.onnx"));
    near("kl", count, floats(scores.kl()), result(scored, "kl").values());
    near(
        "reconstruction",
        count,
        floats(scores.reconstruction()),
        result(scored, "reconstruction").values());
    double[] negative = Arrays.stream(scores.elbo()).map(elbo -> -elbo).toArray();
    near(
        "score",
        count,
        floats(negative),
        result(scored, "score").values(),
        floats(scores.reconstruction()));
  }

  /** Each result of each graph is NaN in these rows, and in no other. */
  void refuses(OnnxRun run, List<Integer> refused, int rows) throws OrtException {
    for (String name : List.of("encoder.onnx", "decoder.onnx", "score.onnx")) {
      run.run(graph(name))
          .forEach(
              (output, result) -> {
                int each = result.values().length / rows;
                for (int i = 0; i < result.values().length; i++) {
                  assertEquals(
                      refused.contains(i / each),
                      Float.isNaN(result.values()[i]),
                      name + ", " + output + "[" + i + "]");
                }
              });
    }
  }

  /** The means of the likelihood with the parameters of a decoder's graph. */
  private float[] means(int count, Map<String, OnnxRun.Result> decoded) {
    Likelihood likelihood = spec.likelihood();
    int own = likelihood.parameters(spec.features());
    int shared = likelihood.shared(spec.features());
    OnnxRun.Result given = result(decoded, "parameters");
    boolean images = given.dims().length > 2;
    float[] outputs = images ? channelsFirst(given.values(), image, true) : given.values();
    assertEquals(count * own, outputs.length);
    double[] parameters = new double[own + shared];
    for (int i = 0; i < shared; i++) {
      parameters[own + i] = result(decoded, "shared").values()[i];
    }
    double[] mean = new double[spec.features()];
    float[] means = new float[count * mean.length];
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < own; i++) {
        parameters[i] = outputs[row * own + i];
      }
      likelihood.mean(parameters, mean);
      for (int d = 0; d < mean.length; d++) {
        means[row * mean.length + d] = (float) mean[d];
      }
    }
    return means;
  }

  static OnnxRun.Result result(Map<String, OnnxRun.Result> all, String name) {
    return Objects.requireNonNull(all.get(name), () -> name + " is not among " + all.keySet());
  }

  static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
