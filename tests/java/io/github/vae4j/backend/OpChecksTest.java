// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.CopyColumns;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.backend.op.MixturePrior;
import io.github.vae4j.backend.op.MixturePriorBackward;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.PlanarFlow;
import io.github.vae4j.backend.op.RecordMetrics;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.ReparameterizeBackward;
import io.github.vae4j.backend.op.SampleWeights;
import io.github.vae4j.backend.op.TotalCorrelation;
import io.github.vae4j.backend.op.TriangularMap;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.likelihood.Bernoulli;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The checks of single ops and their exact messages. {@link BrokenOperandTest} and {@link
 * OverlapTest} have the common checks.
 */
final class OpChecksTest {
  private final Backend backend = new ReferenceBackend();
  private final Arena arena = new Arena();

  @AfterEach
  void close() {
    arena.close();
    assertEquals(0, backend.open());
    backend.close();
  }

  private Tensor floats(int... dims) {
    return backend.tensor(arena, dims);
  }

  private Tensor doubles(int... dims) {
    return new Tensor(arena.own(backend.allocate(DType.FLOAT64, Tensor.elements(dims))), dims);
  }

  private Control control() {
    return new Control(doubles(Control.LENGTH).buffer());
  }

  private static void refused(String message, Supplier<?> call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::get).getMessage());
  }

  private Dense dense(Tensor x, @Nullable Tensor preactivation, Tensor y, Activation activation) {
    return new Dense(x, floats(3, 5), floats(5), preactivation, y, activation);
  }

  @Test
  void messagesSayOpArgumentExpectedAndGiven() {
    refused(
        "dense: x: expected FLOAT32 (*B, I), given FLOAT32 (6)",
        () -> dense(floats(6), null, floats(2, 5), Activation.RELU));
    refused(
        "dense: weight: expected FLOAT32 (I = 4, O), given FLOAT32 (3, 5)",
        () -> dense(floats(2, 4), null, floats(2, 5), Activation.RELU));
    refused(
        "dense: y: expected FLOAT32 (*B = 2, O = 5), given FLOAT64 (2, 5)",
        () -> dense(floats(2, 3), null, doubles(2, 5), Activation.RELU));
    refused(
        "allocate: length: expected 1 or more, given 0", () -> backend.allocate(DType.UINT8, 0));
    refused("compile: ops: expected 1 op or more, given none", () -> backend.compile(List.of()));
    Buffer closed = backend.allocate(DType.FLOAT32, 6);
    closed.close();
    refused(
        "dense: x: expected an open buffer, given Buffer[FLOAT32 x 6], closed",
        () -> dense(new Tensor(closed, 2, 3), null, floats(2, 5), Activation.RELU));
  }

  /** A batch may have as many dimensions as it likes, and each operand others. */
  @Test
  void rowsAreCountedOverAllLeadingDimensions() {
    assertNotNull(dense(floats(2, 4, 3), null, floats(8, 5), Activation.RELU));
    refused(
        "dense: y: expected FLOAT32 (*B = 8, O = 5), given FLOAT32 (2, 3, 5)",
        () -> dense(floats(2, 4, 3), null, floats(2, 3, 5), Activation.RELU));
  }

  @Test
  void thePreactivationIsGivenExactlyWhereItIsNeeded() {
    refused(
        "dense: preactivation: expected a tensor, which gelu needs, given null",
        () -> dense(floats(2, 3), null, floats(2, 5), Activation.GELU));
    refused(
        "dense: preactivation: expected null, as no preactivation relu needs, given"
            + " FLOAT32 (2, 5)",
        () -> dense(floats(2, 3), floats(2, 5), floats(2, 5), Activation.RELU));
  }

  @Test
  void whatIsWrittenOverlapsNothing() {
    Buffer all = floats(20).buffer();
    Tensor x = new Tensor(all.slice(0, 6), 2, 3);
    refused(
        "dense: y: expected a tensor that does not overlap x, given Buffer[FLOAT32 x 10, view]",
        () -> dense(x, null, new Tensor(all.slice(5, 10), 2, 5), Activation.RELU));
    assertNotNull(dense(x, null, new Tensor(all.slice(6, 10), 2, 5), Activation.RELU));
    refused(
        "copy: target: expected a tensor that does not overlap source, given Buffer[FLOAT32 x 3,"
            + " view]",
        () -> new Copy(new Tensor(all.slice(0, 3), 3), new Tensor(all.slice(2, 3), 3)));
  }

  @Test
  void inputsMayOverlap() {
    Tensor x = floats(2, 2);
    Dense forward = new Dense(x, x, floats(2), null, floats(2, 2), Activation.RELU);
    assertNotNull(new DenseBackward(forward, floats(2, 2), null, floats(2, 2), floats(2)));
  }

  @Test
  void likelihoodGradientIsInPlaceOrApart() {
    Buffer all = floats(12).buffer();
    Tensor parameters = new Tensor(all.slice(0, 6), 2, 1, 3);
    Tensor x = floats(2, 3);
    assertNotNull(loss(parameters, parameters, x));
    assertNotNull(loss(parameters, new Tensor(all.slice(0, 6), 2, 1, 3), x));
    refused(
        "likelihood: dParameters: expected a tensor that does not overlap parameters, given"
            + " Buffer[FLOAT32 x 6, view]",
        () -> loss(parameters, new Tensor(all.slice(1, 6), 2, 1, 3), x));
    refused(
        "likelihood: parameters: expected a tensor that does not overlap x, given"
            + " Buffer[FLOAT32 x 6, view]",
        () -> loss(parameters, parameters, parameters.as(2, 3)));
  }

  private LikelihoodLoss loss(Tensor parameters, Tensor dParameters, Tensor x) {
    return new LikelihoodLoss(
        new Bernoulli(), parameters, null, x, null, null, floats(2, 1), dParameters, null, 1);
  }

  @Test
  void gatherAgreesWithItsSource() {
    refused(
        "gather: source: expected UINT8 or FLOAT32 (N, D), given FLOAT32 (15)",
        () -> gather(floats(15), floats(2, 3)));
    refused(
        "gather: source: expected UINT8 or FLOAT32 (N, D), given FLOAT64 (5, 3)",
        () -> gather(doubles(5, 3), floats(2, 3)));
    refused(
        "gather: out: expected FLOAT32 (B, D = 3), given FLOAT32 (2, 4)",
        () -> gather(floats(5, 3), floats(2, 4)));
    refused(
        "gather: out: expected at most the 5 rows of the source, given FLOAT32 (6, 3)",
        () -> gather(floats(5, 3), floats(6, 3)));
    assertNotNull(gather(floats(5, 3), floats(5, 3)));
  }

  private Gather gather(Tensor source, Tensor out) {
    return new Gather(source, out, null, control(), 1, true, false, 1);
  }

  @Test
  void copiedColumnsLieInBothMatrices() {
    refused(
        "copyColumns: target: expected a multiple of the 4 source rows, given FLOAT32 (6, 5)",
        () -> new CopyColumns(floats(4, 3), floats(6, 5), 0, 0, 2));
    refused(
        "copyColumns: source: expected the 4 columns copied or more, given 3",
        () -> columns(4, 0, 0));
    refused(
        "copyColumns: sourceFirst: expected at most 1, for 2 of 3, given 2",
        () -> columns(2, 2, 0));
    refused(
        "copyColumns: targetFirst: expected at most 3, for 2 of 5, given 2147483647",
        () -> columns(2, 1, Integer.MAX_VALUE));
    assertNotNull(columns(2, 1, 3));
  }

  private CopyColumns columns(int count, int first, int at) {
    return new CopyColumns(floats(2, 3), floats(6, 5), first, at, count);
  }

  @Test
  void freeBitsAndACapacityNeedTheKlPerDimension() {
    refused(
        "reparameterizeBackward: klPerDimension: expected a tensor, which freeBits above 0 need,"
            + " given null",
        () -> backward(null, 0.5f, false, Estimator.ANALYTIC));
    refused(
        "reparameterizeBackward: klPerDimension: expected a tensor, which a capacity needs,"
            + " given null",
        () -> backward(null, 0, true, Estimator.ANALYTIC));
    refused(
        "reparameterizeBackward: freeBits: expected a finite number of 0 or more, given -0.5",
        () -> backward(null, -0.5f, false, Estimator.ANALYTIC));
    refused(
        "reparameterizeBackward: estimator: expected ANALYTIC, which freeBits and a capacity need,"
            + " given SAMPLED",
        () -> backward(floats(3), 0.5f, false, Estimator.SAMPLED));
    refused(
        "reparameterizeBackward: freeBits: expected 0 with a capacity, given 0.5",
        () -> backward(floats(3), 0.5f, true, Estimator.ANALYTIC));
    assertNotNull(backward(null, 0, false, Estimator.SAMPLED));
    assertNotNull(backward(floats(3), 0.5f, false, Estimator.ANALYTIC));
    assertNotNull(backward(floats(3), 0, true, Estimator.ANALYTIC));
  }

  private ReparameterizeBackward backward(
      @Nullable Tensor klPerDimension, float freeBits, boolean capacity, Estimator estimator) {
    return new ReparameterizeBackward(
        sample(1, klPerDimension, 0),
        floats(2, 1, 3),
        null,
        floats(2, 6),
        1,
        1,
        freeBits,
        capacity,
        estimator);
  }

  private Reparameterize sample(int samples, @Nullable Tensor klPerDimension, int rowOffset) {
    return new Reparameterize(
        floats(2, 6),
        floats(2, samples, 3),
        floats(2),
        klPerDimension,
        null,
        control(),
        1,
        Stream.LATENT,
        rowOffset);
  }

  /** The noise's row is an int: beyond it two rows would draw the same. */
  @Test
  void noiseRowsDoNotWrap() {
    refused(
        "reparameterize: rowOffset: expected (rowOffset + B) L below 2^31, given 1000000",
        () -> sample(4000, null, 1_000_000));
  }

  /** A gradient with more samples than were drawn would draw others. */
  @Test
  void gradientHasTheSamplesThatWereDrawn() {
    refused(
        "reparameterizeBackward: dz: expected FLOAT32 (B = 2, L = 1, Z = 3), given"
            + " FLOAT32 (2, 4, 3)",
        () ->
            new ReparameterizeBackward(
                sample(1, null, 0),
                floats(2, 4, 3),
                null,
                floats(2, 6),
                4,
                1,
                0,
                false,
                Estimator.ANALYTIC));
  }

  @Test
  void groupsDivideTheSamples() {
    refused(
        "sampleWeights: groups: expected a divisor of the 6 samples, given 4",
        () ->
            new SampleWeights(
                floats(2, 6), floats(2, 6), null, floats(2, 6), floats(2), control(), 4, 0));
  }

  @Test
  void logitsAndTheirGradientGoTogether() {
    refused(
        "mixturePriorBackward: dLogits: expected a tensor, as logits are one, given null",
        () -> mixture(floats(4), null));
    refused(
        "mixturePriorBackward: dLogits: expected null, as logits are, given FLOAT32 (4)",
        () -> mixture(null, floats(4)));
    assertNotNull(mixture(null, null));
  }

  private Op mixture(@Nullable Tensor logits, @Nullable Tensor dLogits) {
    MixturePrior prior =
        new MixturePrior(floats(2, 3), floats(4, 6), logits, floats(2, 4), floats(2));
    return new MixturePriorBackward(prior, null, floats(2, 3), floats(4, 6), dLogits, control(), 1);
  }

  /** The maps' parameters are the last columns of as many as an encoder gives. */
  @Test
  void mapsHaveTheirParameters() {
    refused(
        "planarFlow: parameters: expected 14 columns or more, given FLOAT32 (2, 13)",
        () -> planar(floats(2, 13)));
    assertNotNull(planar(floats(2, 20)));
    refused(
        "triangularMap: parameters: expected 3 columns or more, given FLOAT32 (2, 2)",
        () -> triangular(floats(2, 2)));
    assertNotNull(triangular(floats(2, 9)));
  }

  private Op planar(Tensor parameters) {
    return new PlanarFlow(
        parameters, floats(2, 1, 3), floats(2, 1, 3), floats(2, 1, 2), floats(2, 1));
  }

  private Op triangular(Tensor parameters) {
    return new TriangularMap(parameters, floats(2, 1, 3), floats(2, 1, 3), floats(2, 1));
  }

  @Test
  void metricsNeedWholeRows() {
    refused(
        "recordMetrics: nll: expected FLOAT32 (B = 3, L), given FLOAT32 (7, 1)",
        () ->
            new RecordMetrics(
                floats(7, 1),
                floats(3),
                null,
                null,
                doubles(1),
                doubles(1, 6),
                doubles(1),
                control(),
                1));
  }

  @Test
  void aBatchIsPartOfTheData() {
    String message = "totalCorrelation: dataRows: expected at least the batch, 3, given 2";
    refused(message, () -> TotalCorrelation.logOwnWeight(3, 2));
    refused(message, () -> TotalCorrelation.logOtherWeight(3, 2));
  }

  @Test
  void decayRatesStayBelowOne() {
    refused("adam: beta1: expected 0 or more and below 1, given 1.0", () -> adam(1, 0.999, 0));
    refused("adam: beta2: expected 0 or more and below 1, given -0.1", () -> adam(0.9, -0.1, 0));
    refused("adam: emaDecay: expected 0 to 1, given 1.5", () -> adam(0.9, 0.9, 1.5));
    assertNotNull(adam(0, 0, 1));
  }

  private AdamUpdate adam(double beta1, double beta2, double emaDecay) {
    return new AdamUpdate(
        floats(3),
        floats(3),
        floats(3),
        floats(3),
        floats(3),
        doubles(1),
        doubles(1),
        doubles(3),
        control(),
        beta1,
        beta2,
        1e-8,
        0,
        false,
        0,
        emaDecay);
  }
}
