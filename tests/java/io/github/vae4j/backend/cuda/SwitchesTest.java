// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.OpCase;
import io.github.vae4j.backend.OpSuite;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Tolerance;
import io.github.vae4j.cudasim.CudaSim;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainListener;
import io.github.vae4j.train.TrainState;
import io.github.vae4j.train.Trainer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The results are right on libraries and drivers with each behaviour that real ones may show: they
 * refuse an epilogue in every possible way, round differently, sum in another order, copy late;
 * approximate instructions have other errors.
 *
 * <p>All precisions under all switches, and the op table under them, have the tags {@code switches}
 * and {@code long}; by default each switch is tried once.
 */
@Tag("cuda")
@Tag("cudasim")
@ExtendWith(EmulatedDevice.class)
final class SwitchesTest {
  /** Switches that change results only by rounding. */
  private static final List<String> HARMLESS =
      List.of(
          "lt.refuse=empty",
          "lt.refuse=status15",
          "lt.refuse=state15",
          "lt.refuse=status15,lt.refuse.of=narrow",
          "lt.mask=positive",
          "lt.nan=zero",
          "lt.order=epilogue",
          "lt.sums=rounded",
          "lt.truncate=on",
          "lt.version=13.1.0",
          "copy.late=on",
          "approx=scattered",
          "approx=low",
          "approx=high");

  private static final VaeSpec SPEC = VaeSpec.builder(784).hidden(32).latent(5).build();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lt.refuse=empty",
        "lt.refuse=status15",
        "lt.refuse=state15",
        "lt.mask=positive",
        "lt.nan=zero",
        "lt.order=epilogue",
        "lt.version=13.1.0",
        "copy.late=on",
        "approx=scattered",
        "approx=low",
        "approx=high"
      })
  void trainingIsTheSameButForRounding(String switches) {
    assertFollows(Precision.FP32, switches, 1e-5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lt.truncate=on", "lt.sums=rounded"})
  void trainingWithCoarserFactorsIsAsCoarse(String switches) {
    assertFollows(Precision.TF32, switches, 1e-3);
  }

  /**
   * A refusal after the heuristic accepted: a plain product and our kernels replace the epilogue,
   * and the log says so.
   */
  @ParameterizedTest
  @ValueSource(strings = {"lt.refuse=status7", "lt.refuse=launch15", "lt.refuse=launch13"})
  void anEpilogueThatFailsFallsBackAndTheLogSaysSo(String switches) {
    PrintStream console = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      assertFollows(Precision.FP32, switches, 1e-5);
    } finally {
      System.setErr(console);
    }
    String said = log.toString(StandardCharsets.UTF_8);
    assertTrue(said.contains("cublasLt") && said.contains("BIAS"), said);
  }

  /** If cuBLASLt refuses all products, our kernel multiplies. */
  @ParameterizedTest
  @ValueSource(strings = {"empty", "status15", "status7", "launch13"})
  void withoutAnyProductItTrains(String refusal) {
    assertFollows(Precision.FP32, "lt.refuse=" + refusal + ",lt.refuse.of=all", 1e-5);
  }

  @Tag("switches")
  @Tag("long")
  @TestFactory
  Stream<DynamicTest> everyPrecisionUnderEverySwitch() {
    return HARMLESS.stream()
        .flatMap(
            switches ->
                Stream.of(Precision.values())
                    .map(
                        precision ->
                            DynamicTest.dynamicTest(
                                precision + " " + switches,
                                () ->
                                    assertFollows(
                                        precision,
                                        switches,
                                        precision == Precision.FP32 ? 1e-5 : 2e-3))));
  }

  private static void assertFollows(Precision precision, String switches, double tolerance) {
    CudaSim.setSwitches("");
    double expected = train(precision).bestElbo();
    CudaSim.setSwitches(switches);
    double given = train(precision).bestElbo();
    CudaSim.setSwitches("");
    assertEquals(expected, given, tolerance * Math.abs(expected), switches);
    assertEquals("", CudaSim.report());
  }

  /** Eight steps, two of them of a smaller batch, and two evaluations. */
  private static TrainState train(Precision precision) {
    TrainConfig config = TrainConfig.builder().epochs(2).batch(16).build();
    try (DataSet mnist = DataSets.open("mnist:test");
        Backend backend = CudaBackend.open(precision)) {
      DataSet few = DataSets.head(mnist, 3 * 16 + 5);
      try (Trainer trainer = new Trainer(backend, SPEC, config, few, few, TrainListener.NONE)) {
        trainer.run(() -> false);
        return trainer.state();
      }
    }
  }

  private static Backend open(Precision precision, String switches) {
    CudaSim.setSwitches(switches);
    return CudaBackend.open(precision);
  }

  /**
   * Whether a case is a small likelihood: all of them use approximate instructions or their kin.
   */
  private static boolean isLoss(OpCase opCase) {
    return opCase.name().startsWith("likelihood ") && opCase.work() < 100_000;
  }

  /** Whether a case is a layer: the switches of cuBLASLt change only layers. */
  private static boolean isLayer(OpCase opCase) {
    return opCase.name().startsWith("dense") && opCase.work() < 1_000_000;
  }

  /** Whether a case is one of a few layers of each kind. */
  private static boolean isExample(OpCase opCase) {
    return isLayer(opCase)
        && opCase.name().contains("17x31x65")
        && (opCase.name().contains("relu") || opCase.name().contains("identity"));
  }

  /** Truncated factors: twice the error of rounded ones. */
  @Nested
  final class TruncatedLayers extends OpSuite {
    TruncatedLayers() {
      super(
          () -> open(Precision.TF32, "lt.truncate=on"),
          new Tolerance(2 * Tolerance.TF32.product(), 0, Tolerance.TF32.function(), true),
          SwitchesTest::isExample);
    }
  }

  /** Approximate instructions with any error that PTX allows, in the ops that use them most. */
  @Nested
  final class ScatteredApproximations extends OpSuite {
    ScatteredApproximations() {
      super(() -> open(Precision.FP32, "approx=scattered"), Tolerance.FP32, SwitchesTest::isLoss);
    }
  }

  /** The small ops of the table with the least results that are allowed. */
  @Nested
  @Tag("switches")
  @Tag("long")
  final class LowApproximations extends OpSuite {
    LowApproximations() {
      super(
          () -> open(Precision.FP32, "approx=low"),
          Tolerance.FP32,
          opCase -> opCase.work() < 1_000_000);
    }
  }

  /** And with the greatest. */
  @Nested
  @Tag("switches")
  @Tag("long")
  final class HighApproximations extends OpSuite {
    HighApproximations() {
      super(
          () -> open(Precision.FP32, "approx=high"),
          Tolerance.FP32,
          opCase -> opCase.work() < 1_000_000);
    }
  }

  /** The op table without cuBLASLt's epilogues. */
  @Nested
  @Tag("switches")
  @Tag("long")
  final class RefusedEpilogues extends OpSuite {
    RefusedEpilogues() {
      super(
          () -> open(Precision.FP32, "lt.refuse=status15"), Tolerance.FP32, SwitchesTest::isLayer);
    }
  }

  /** The op table with sums in another order. */
  @Nested
  @Tag("switches")
  @Tag("long")
  final class ReorderedSums extends OpSuite {
    ReorderedSums() {
      super(() -> open(Precision.FP32, "lt.order=epilogue"), Tolerance.FP32, SwitchesTest::isLayer);
    }
  }

  /** The op table with late copies to the device. */
  @Nested
  @Tag("switches")
  @Tag("long")
  final class LateCopies extends OpSuite {
    LateCopies() {
      super(
          () -> open(Precision.FP32, "copy.late=on"),
          Tolerance.FP32,
          opCase -> opCase.work() < 100_000);
    }
  }
}
