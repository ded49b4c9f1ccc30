// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.vae4j.Sampling;
import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.infer.Codes;
import io.github.vae4j.infer.RowScores;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The C API of trained models gives the bits of the Java API, for every part of a model. */
final class EmbeddedModelTest {
  private static final int SAMPLES = 3;
  private static final int MANY_SAMPLES = 205;
  private static final long SEED = 9;

  /** More than 500 rows are evaluated, and more than 256 codes decoded, in several passes. */
  private static final int ROWS_OF_PASSES = 517;

  @TempDir static Path programs;
  private static ModelProgram program;

  @TempDir Path folder;
  private final List<String> lines = new ArrayList<>();
  private final List<Expected> expected = new ArrayList<>();
  private final List<Decoded> decoded = new ArrayList<>();

  private record Expected(String call, Path output, ByteBuffer bytes) {}

  /** The mean of each row's parameters, which the output has. */
  private record Decoded(Path output, Matrix mean) {}

  @BeforeAll
  static void compile() throws Exception {
    program = ModelProgram.compile(programs);
  }

  static Stream<Arguments> models() {
    return EmbeddedModels.all().stream()
        .flatMap(
            spec ->
                Stream.of(false, true)
                    .map(missing -> arguments(EmbeddedModels.name(spec), spec, missing)));
  }

  @ParameterizedTest(name = "{0} missing {2}")
  @MethodSource("models")
  void resultsHaveTheBitsOfJava(String name, VaeSpec spec, boolean missing) throws Exception {
    Path file = save(spec, missing, 1, 5);
    program.run(file, 1, lines);
    compare();
    for (Decoded one : decoded) {
      assertArrayEquals(one.mean.values(), means(spec, one));
    }
  }

  @ParameterizedTest(name = "{0} threads")
  @ValueSource(ints = {1, 2})
  void rowsOfMorePassesThanOne(int threads) throws Exception {
    VaeSpec spec = VaeSpec.builder(6).hidden(7).latent(3).build();
    Path file = save(spec, false, ROWS_OF_PASSES);
    program.run(file, threads, lines);
    compare();
  }

  @ParameterizedTest(name = "{0} threads of each call")
  @ValueSource(ints = {1, 2})
  void threadsGetTheBitsOfOneThread(int threads) throws Exception {
    VaeSpec spec = VaeSpec.builder(6).hidden(7).latent(3).top(2, 5).build();
    Path file = save(spec, true, 1, 5, ROWS_OF_PASSES);
    program.run(file, 1, lines);
    compare();
    String said = program.together(file, threads, lines);
    assertTrue(said.endsWith(" 0 wrong\n"), said);
  }

  /** The OpenMP runtime does not know that a child has no threads but one. */
  @ParameterizedTest(name = "{0} threads of each call")
  @ValueSource(ints = {1, 2})
  void aChildOfForkComputesWithOneThread(int threads) throws Exception {
    VaeSpec spec = VaeSpec.builder(6).hidden(7).latent(3).build();
    Path file = save(spec, true, 1, 5, ROWS_OF_PASSES);
    program.forked(file, threads, lines);
    compare();
  }

  /** Saves a model, and adds calls with these numbers of rows. */
  private Path save(VaeSpec spec, boolean missing, int... numbers) throws IOException {
    Path file = folder.resolve("model.safetensors");
    try (Vae vae = Vae.create(spec, new BackendOptions(Kind.CPU, 2, Precision.FP32), 1)) {
      vae.setWeights(EmbeddedModels.weights(spec));
      vae.save(file);
      for (int rows : numbers) {
        addCalls(vae, rows, missing);
      }
    }
    return file;
  }

  private void compare() throws IOException {
    for (Expected one : expected) {
      // The program's further results are none of Java's.
      byte[] given = Arrays.copyOf(Files.readAllBytes(one.output), one.bytes.capacity());
      assertEquals(hex(one.bytes), hex(ByteBuffer.wrap(given)), one.call);
    }
  }

  private static float[] means(VaeSpec spec, Decoded one) throws IOException {
    int outputs =
        spec.likelihood().parameters(spec.features()) + spec.likelihood().shared(spec.features());
    FloatBuffer given =
        ByteBuffer.wrap(Files.readAllBytes(one.output))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    assertEquals(one.mean.rows() * outputs, given.remaining());
    float[] means = new float[one.mean.values().length];
    double[] parameters = new double[outputs];
    double[] mean = new double[spec.features()];
    for (int row = 0; row < one.mean.rows(); row++) {
      for (int i = 0; i < outputs; i++) {
        parameters[i] = given.get();
      }
      spec.likelihood().mean(parameters, mean);
      for (int i = 0; i < mean.length; i++) {
        means[row * mean.length + i] = (float) mean[i];
      }
    }
    return means;
  }

  private void addCalls(Vae vae, int rows, boolean missing) throws IOException {
    VaeSpec spec = vae.spec();
    Matrix x = EmbeddedModels.values(spec, rows, missing);
    @Nullable Matrix given = EmbeddedModels.conditions(spec, rows);
    Path input = write("x" + rows, floats(x));
    String condition = given == null ? "-" : write("c" + rows, floats(given)).toString();
    try (DataSet data = EmbeddedModels.data(spec, x, missing)) {
      Codes codes = vae.encode(data);
      add("encode", rows, 0, input, condition, floats(codes.mean(), codes.logvar()));
      Matrix z = vae.measure().posteriorSamples(data, SAMPLES, SEED);
      add("posterior", rows, SAMPLES, input, condition, floats(z));
      RowScores scores = vae.score(data, SAMPLES, SEED);
      double[] terms =
          IntStream.range(0, rows)
              .boxed()
              .flatMap(
                  row ->
                      Stream.of(scores.elbo()[row], scores.reconstruction()[row], scores.kl()[row]))
              .mapToDouble(Double::doubleValue)
              .toArray();
      add("score", rows, SAMPLES, input, condition, doubles(terms));
      double[] logs = vae.measure().rowLogLikelihoods(data, MANY_SAMPLES, SEED);
      add("likelihood", rows, MANY_SAMPLES, input, condition, doubles(logs));
      Path code = write("z" + rows, floats(codes.mean()));
      Matrix means = vae.decode(codes.mean(), given);
      add("decode", rows, 0, code, condition, floats(means));
      Path parameters = folder.resolve("parameters" + rows);
      lines.add(line("parameters", rows, 0, code, condition, parameters));
      decoded.add(new Decoded(parameters, means));
      Sampling sampling = given == null ? Sampling.of(rows) : Sampling.given(given);
      Matrix draws = vae.sample(sampling.seed(SEED).temperature(0.75).drawn(true));
      Path prior = folder.resolve("prior" + rows);
      lines.add(line("prior", rows, 0, input, condition, prior));
      add("draw", rows, 0, prior, condition, floats(draws));
    }
  }

  private void add(
      String call, int rows, int samples, Path input, String condition, ByteBuffer bytes) {
    Path output = folder.resolve(call + rows + ".out");
    lines.add(line(call, rows, samples, input, condition, output));
    expected.add(new Expected(call + " of " + rows, output, bytes));
  }

  private static String line(
      String call, int rows, int samples, Path input, String condition, Path output) {
    return "%s %d %d %d %s %s %s".formatted(call, rows, samples, SEED, input, condition, output);
  }

  private Path write(String name, ByteBuffer bytes) throws IOException {
    Path file = folder.resolve(name);
    byte[] all = new byte[bytes.remaining()];
    bytes.duplicate().get(all);
    Files.write(file, all);
    return file;
  }

  private static ByteBuffer floats(Matrix... all) {
    int count = Stream.of(all).mapToInt(one -> one.values().length).sum();
    ByteBuffer bytes = ByteBuffer.allocate(4 * count).order(ByteOrder.nativeOrder());
    for (Matrix one : all) {
      for (float value : one.values()) {
        bytes.putFloat(value);
      }
    }
    return bytes.flip();
  }

  private static ByteBuffer doubles(double[] all) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * all.length).order(ByteOrder.nativeOrder());
    for (double value : all) {
      bytes.putDouble(value);
    }
    return bytes.flip();
  }

  private static String hex(ByteBuffer bytes) {
    StringBuilder text = new StringBuilder();
    while (bytes.hasRemaining()) {
      text.append("%02x".formatted(bytes.get()));
      text.append(bytes.position() % 8 == 0 ? "\n" : "");
    }
    return text.toString();
  }
}
