// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.export.Exports;
import io.github.vae4j.tensor.Matrix;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Rows a second of encode and score by the C API, the Java API and ONNX Runtime with the exported
 * model: one after the other in each pass, medians over passes. Arguments: the model, the program
 * of benchmarks/embedding.c, passes, seconds of a measurement.
 */
final class EmbeddingRates implements AutoCloseable {
  private static final int[] BATCHES = {1, 64, 4096};
  private static final int[] THREADS = {1, 2};

  private final Path model;
  private final String program;
  private final double seconds;
  private final Path exported;
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final Map<String, List<Double>> rates = new TreeMap<>();

  private EmbeddingRates(Path model, String program, double seconds) throws IOException {
    this.model = model;
    this.program = program;
    this.seconds = seconds;
    exported = Files.createTempDirectory("exported");
    Exports.onnx(ModelFile.load(model), exported, Exports.InputType.FLOAT);
  }

  /** A call with the rows of a batch. */
  private interface Call {
    void run() throws OrtException;
  }

  /**
   * Measures and prints.
   *
   * @param args see above
   */
  public static void main(String[] args) throws Exception {
    try (EmbeddingRates rates =
        new EmbeddingRates(Path.of(args[0]), args[1], Double.parseDouble(args[3]))) {
      for (int pass = 0; pass < Integer.parseInt(args[2]); pass++) {
        for (int threads : THREADS) {
          for (int batch : BATCHES) {
            rates.pass(threads, batch);
          }
        }
      }
      rates.print();
    }
  }

  private void pass(int threads, int batch) throws Exception {
    c(threads, batch);
    java(threads, batch);
    onnx(threads, batch);
  }

  private void add(String call, int threads, int batch, String engine, double rate) {
    String key = "%-7s %d threads, batch %4d  %s".formatted(call, threads, batch, engine);
    rates.computeIfAbsent(key, own -> new ArrayList<>()).add(rate);
  }

  private void c(int threads, int batch) throws IOException {
    Process process =
        new ProcessBuilder(
                program,
                "rate",
                model.toString(),
                Integer.toString(threads),
                Double.toString(seconds),
                Integer.toString(batch))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    for (String line : said.lines().toList()) {
      String[] words = line.split(" ", -1);
      add(words[1], threads, batch, "c", Double.parseDouble(words[3]));
    }
  }

  private void java(int threads, int batch) throws OrtException {
    BackendOptions cpu = new BackendOptions(BackendOptions.Kind.CPU, threads, Precision.FP32);
    try (Vae vae = Vae.load(model, cpu)) {
      Matrix x =
          new Matrix(batch, vae.spec().features(), noise(batch * vae.spec().features(), false));
      measure(
          "encode",
          threads,
          batch,
          "java",
          () -> {
            try (DataSet rows = DataSets.over(x)) {
              vae.encode(rows);
            }
          });
      measure(
          "score",
          threads,
          batch,
          "java",
          () -> {
            try (DataSet rows = DataSets.over(x)) {
              vae.score(rows);
            }
          });
    }
  }

  private void onnx(int threads, int batch) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      int features = ModelFile.load(model).spec().features();
      int latent = ModelFile.load(model).spec().latent();
      FloatBuffer x = FloatBuffer.wrap(noise(batch * features, false));
      FloatBuffer eps = FloatBuffer.wrap(noise(batch * latent, true));
      try (OrtSession encoder =
              environment.createSession(exported.resolve("encoder.onnx").toString(), options);
          OrtSession score =
              environment.createSession(exported.resolve("score.onnx").toString(), options)) {
        measure(
            "encode",
            threads,
            batch,
            "onnx",
            () -> {
              try (OnnxTensor rows = tensor(x, batch, features);
                  OrtSession.Result result = encoder.run(Map.of("x", rows))) {
                result.get("mean").orElseThrow().getValue();
                result.get("logvar").orElseThrow().getValue();
              }
            });
        measure(
            "score",
            threads,
            batch,
            "onnx",
            () -> {
              try (OnnxTensor rows = tensor(x, batch, features);
                  OnnxTensor noise = tensor(eps, batch, 1, latent);
                  OrtSession.Result result = score.run(Map.of("x", rows, "eps", noise))) {
                result.get("score").orElseThrow().getValue();
              }
            });
      }
    }
  }

  private OnnxTensor tensor(FloatBuffer values, long... shape) throws OrtException {
    return OnnxTensor.createTensor(environment, values.duplicate(), shape);
  }

  private void measure(String call, int threads, int batch, String engine, Call body)
      throws OrtException {
    long half = (long) (seconds * 0.5e9);
    for (long end = System.nanoTime() + half; System.nanoTime() < end; ) {
      body.run();
    }
    long rows = 0;
    long start = System.nanoTime();
    long last;
    do {
      body.run();
      rows += batch;
      last = System.nanoTime();
    } while (last < start + 2 * half);
    add(call, threads, batch, engine, 1e9 * rows / (last - start));
  }

  private static float[] noise(int count, boolean normal) {
    Random random = new Random(1);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = normal ? (float) random.nextGaussian() : random.nextFloat();
    }
    return values;
  }

  private void print() {
    rates.forEach(
        (key, all) -> {
          List<Double> sorted = all.stream().sorted().toList();
          System.out.printf("%s %,.0f%n", key, sorted.get(sorted.size() / 2));
        });
  }

  @Override
  public void close() throws IOException {
    for (String name : List.of("encoder", "decoder", "score")) {
      Files.deleteIfExists(exported.resolve(name + ".onnx"));
    }
    Files.delete(exported);
  }
}
