// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.numeric;

import io.github.vae4j.HostProgram;
import io.github.vae4j.metrics.LogSumExp;
import io.github.vae4j.random.Draws;
import io.github.vae4j.random.NormalQuantile;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions and draws of native/src/model have the bits of the Java ones. */
final class HostFunctionsTest {
  private static final int ARGUMENTS = 1_000_000;
  private static final double[] EDGES = {
    0,
    -0.0,
    Double.MIN_VALUE,
    Double.MIN_NORMAL,
    Double.MAX_VALUE,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.NaN,
    1,
    -1,
    709.78,
    709.79,
    -745.1,
    -745.2,
    40,
    45,
    -40,
    20,
    -20,
    0x1p-54,
    0x1p-28,
    0x1p-27,
    0.41,
    -0.29,
    7,
    -7,
    6.283185307179586,
    1.5707963267948966
  };

  @TempDir Path folder;
  private final SplittableRandom random = new SplittableRandom(3);

  /** Each function, and the size of most of its arguments. */
  private static final Map<String, DoubleUnaryOperator> FUNCTIONS =
      Map.of(
          "exp", Elementary::exp,
          "expm1", Elementary::expm1,
          "log", Elementary::log,
          "log1p", Elementary::log1p,
          "tanh", Elementary::tanh,
          "sin", Elementary::sin,
          "cos", Elementary::cos,
          "quantile", NormalQuantile::of);

  /** Edges, then numbers of any size, numbers of moderate size, and uniforms. */
  private double[] arguments() {
    double[] arguments = Arrays.copyOf(EDGES, ARGUMENTS);
    for (int i = EDGES.length; i < ARGUMENTS; i++) {
      arguments[i] =
          switch (i % 4) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> 14 * random.nextDouble() - 7;
            case 2 -> (random.nextDouble() - 0.5) * 1500;
            default -> random.nextDouble();
          };
    }
    return arguments;
  }

  @ParameterizedTest
  @ValueSource(strings = {"x86-64", "x86-64-v3"})
  void functionsHaveTheSameBits(String architecture) throws Exception {
    HostProgram host = new HostProgram(folder);
    for (Map.Entry<String, DoubleUnaryOperator> function : new TreeMap<>(FUNCTIONS).entrySet()) {
      double[] x = arguments();
      double[] results = Arrays.stream(x).map(function.getValue()).toArray();
      host.ask(function.getKey()).array(x).expect(function.getKey(), results);
    }
    double[] x = arguments();
    double[] y = arguments();
    double[] powers = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.abs(x[i]);
      powers[i] = Elementary.pow(x[i], y[i]);
    }
    host.ask("pow").array(x).array(y).expect("pow", powers);
    host.run(architecture);
  }

  @Test
  void drawsHaveTheSameBits() throws Exception {
    HostProgram host = new HostProgram(folder);
    for (int i = 0; i < 50; i++) {
      askPhilox(host, random.nextLong(), random.nextLong() >>> 8, random.nextInt());
      askDraws(host, random.nextLong(), random.nextInt());
    }
    host.run("x86-64");
  }

  private static void askPhilox(HostProgram host, long seed, long step, int row)
      throws IOException {
    int columns = 1001;
    double[] results = new double[3 * columns];
    for (int column = 0; column < columns; column++) {
      results[3 * column] = Philox.word(seed, Stream.PRIOR, step, row, column);
      results[3 * column + 1] = Philox.uniform(seed, Stream.PRIOR, step, row, column);
      results[3 * column + 2] = Philox.normal(seed, Stream.PRIOR, step, row, column);
    }
    host.ask("philox").number(seed).number(Stream.PRIOR.id()).number(step).number(row);
    host.number(columns).expect("philox", results);
  }

  private static void askDraws(HostProgram host, long seed, int row) throws IOException {
    int rounds = 1000;
    double[] results = new double[6 * rounds];
    Draws draws = new Draws(seed, Stream.OBSERVATION, row);
    for (int i = 0; i < results.length; i += 6) {
      results[i] = draws.nextInt();
      results[i + 1] = Double.longBitsToDouble(draws.nextLong());
      results[i + 2] = draws.nextBoolean() ? 1 : 0;
      results[i + 3] = draws.nextDouble();
      results[i + 4] = draws.nextGaussian();
      results[i + 5] = draws.nextExponential();
    }
    host.ask("draws").number(seed).number(Stream.OBSERVATION.id()).number(row);
    host.number(rounds).expect("draws", results);
  }

  @Test
  void logSumExpHasTheSameBits() throws Exception {
    HostProgram host = new HostProgram(folder);
    double[] edges = {Double.NEGATIVE_INFINITY, -1e300, 1e300, Double.NaN};
    for (int i = 0; i < 200; i++) {
      double scale = Math.pow(10, random.nextInt(4));
      double[] values = random.doubles(20).map(u -> (u - 0.5) * scale).toArray();
      if (i % 4 == 0) {
        values[random.nextInt(20)] = edges[random.nextInt(edges.length)];
      }
      LogSumExp sum = new LogSumExp();
      double[] results = new double[values.length];
      for (int k = 0; k < values.length; k++) {
        sum.add(values[k]);
        results[k] = sum.value();
      }
      host.ask("log-sum-exp").array(values).expect("log-sum-exp " + i, results);
    }
    host.run("x86-64");
  }
}
