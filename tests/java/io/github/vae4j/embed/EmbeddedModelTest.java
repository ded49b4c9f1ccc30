// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

/** The C API of trained models gives the bits of the Java API, for every part of a model. */
final class EmbeddedModelTest {
  private static final int SAMPLES = 3;
  private static final int MANY_SAMPLES = 205;
  private static final long SEED = 9;

  @TempDir static Path programs;
  private static ModelProgram program;

  @TempDir Path folder;
  private final List<String> lines = new ArrayList<>();
  private final List<Expected> expected = new ArrayList<>();

  private record Expected(String call, Path output, ByteBuffer bytes) {}

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
    Path file = folder.resolve("model.safetensors");
    try (Vae vae = Vae.create(spec, new BackendOptions(Kind.CPU, 2, Precision.FP32), 1)) {
      vae.setWeights(EmbeddedModels.weights(spec));
      vae.save(file);
      for (int rows : new int[] {1, 5}) {
        addCalls(vae, rows, missing);
      }
    }
    program.run(file, 1, lines);
    for (Expected one : expected) {
      // The program's further results are none of Java's.
      byte[] given = Arrays.copyOf(Files.readAllBytes(one.output), one.bytes.capacity());
      assertEquals(hex(one.bytes), hex(ByteBuffer.wrap(given)), one.call);
    }
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
      add("decode", rows, 0, code, condition, floats(vae.decode(codes.mean(), given)));
      Sampling sampling = given == null ? Sampling.of(rows) : Sampling.given(given);
      Matrix draws = vae.sample(sampling.seed(SEED).temperature(0.75).drawn(true));
      Path prior = folder.resolve("prior" + rows);
      lines.add("prior %d 0 %d %s %s %s".formatted(rows, SEED, input, condition, prior));
      add("draw", rows, 0, prior, condition, floats(draws));
    }
  }

  private void add(
      String call, int rows, int samples, Path input, String condition, ByteBuffer bytes) {
    Path output = folder.resolve(call + rows + ".out");
    lines.add(
        "%s %d %d %d %s %s %s".formatted(call, rows, samples, SEED, input, condition, output));
    expected.add(new Expected(call + " of " + rows, output, bytes));
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
