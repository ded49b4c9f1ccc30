package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.CopyColumns;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.backend.op.RecordMetrics;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.ReparameterizeBackward;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.likelihood.Bernoulli;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What each op checks of its own, and the exact words. {@link BrokenOperandTest} has the rest. */
final class OpsTest {
  private final Backend backend = new ReferenceBackend();
  private final Ops ops = new Ops(backend);
  private final Arena arena = new Arena();

  @AfterEach
  void close() {
    arena.close();
    assertEquals(0, backend.open());
    backend.close();
  }

  private Buffer floats(long length) {
    return arena.own(ops.allocate(DType.FLOAT32, length));
  }

  private Buffer doubles(long length) {
    return arena.own(ops.allocate(DType.FLOAT64, length));
  }

  private Control control() {
    return new Control(doubles(Control.LENGTH));
  }

  private static void refused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  private Dense dense(Buffer x, @Nullable Buffer preactivation, Buffer y, Activation activation) {
    return new Dense(x, floats(15), floats(5), preactivation, y, 2, 3, 5, activation);
  }

  @Test
  void messagesSayOpArgumentExpectedAndGiven() {
    refused(
        "dense: x: expected FLOAT32 x 6 (2, 3), given Buffer[FLOAT32 x 7]",
        () -> ops.dense(dense(floats(7), null, floats(10), Activation.RELU)));
    refused("allocate: length: expected 1 or more, given 0", () -> ops.allocate(DType.INT32, 0));
    refused("record: ops: expected 1 op or more, given none", () -> ops.record(List.of()));
    Buffer closed = ops.allocate(DType.FLOAT32, 6);
    closed.close();
    refused(
        "dense: x: expected an open buffer, given Buffer[FLOAT32 x 6], closed",
        () -> ops.dense(dense(closed, null, floats(10), Activation.RELU)));
  }

  @Test
  void thePreactivationIsGivenExactlyWhereItIsNeeded() {
    refused(
        "dense: preactivation: expected a buffer, which gelu needs, given null",
        () -> ops.dense(dense(floats(6), null, floats(10), Activation.GELU)));
    refused(
        "dense: preactivation: expected null, as no preactivation relu needs, given"
            + " Buffer[FLOAT32 x 10]",
        () -> ops.dense(dense(floats(6), floats(10), floats(10), Activation.RELU)));
  }

  @Test
  void whatIsWrittenOverlapsNothing() {
    Buffer all = floats(20);
    refused(
        "dense: y: expected a buffer that does not overlap x, given Buffer[FLOAT32 x 10, view]",
        () -> ops.dense(dense(all.slice(0, 6), null, all.slice(5, 10), Activation.RELU)));
    ops.dense(dense(all.slice(0, 6), null, all.slice(6, 10), Activation.RELU)).close();
    refused(
        "copy: target: expected a buffer that does not overlap source, given Buffer[FLOAT32 x 3,"
            + " view]",
        () -> ops.copy(new Copy(all.slice(0, 3), all.slice(2, 3))));
  }

  @Test
  void inputsMayOverlap() {
    Buffer x = floats(4);
    ops.denseBackward(
            new DenseBackward(
                x, x, x, floats(4), null, floats(4), floats(2), 2, 2, 2, Activation.RELU))
        .close();
  }

  @Test
  void likelihoodGradientIsInPlaceOrApart() {
    Buffer all = floats(12);
    Buffer parameters = all.slice(0, 6);
    ops.likelihood(loss(parameters, parameters, floats(6))).close();
    ops.likelihood(loss(parameters, all.slice(0, 6), floats(6))).close();
    refused(
        "likelihood: dParameters: expected a buffer that does not overlap parameters, given"
            + " Buffer[FLOAT32 x 6, view]",
        () -> ops.likelihood(loss(parameters, all.slice(1, 6), floats(6))));
    refused(
        "likelihood: parameters: expected a buffer that does not overlap x, given"
            + " Buffer[FLOAT32 x 6, view]",
        () -> ops.likelihood(loss(parameters, parameters, parameters)));
  }

  private LikelihoodLoss loss(Buffer parameters, Buffer dParameters, Buffer x) {
    return new LikelihoodLoss(new Bernoulli(), parameters, x, floats(2), dParameters, 2, 1, 3, 1);
  }

  @Test
  void gatherAgreesWithItsIndexAndSource() {
    Buffer source = floats(15);
    Buffer index = arena.own(ops.allocate(DType.INT32, 4));
    index.write(new int[] {0, 4, 5, 1});
    refused(
        "gather: index[2]: expected a row of the source, 0 to 4, given 5",
        () -> ops.gather(gather(source, index, 4, 2)));
    index.write(new int[] {0, 4, -1, 1});
    refused(
        "gather: index[2]: expected a row of the source, 0 to 4, given -1",
        () -> ops.gather(gather(source, index, 4, 2)));
    index.write(new int[] {0, 4, 2, 1});
    ops.gather(gather(source, index, 4, 2)).close();
    refused(
        "gather: source: expected 4 rows of 3, given Buffer[FLOAT32 x 15]",
        () -> ops.gather(gather(source, null, 4, 2)));
    refused(
        "gather: source: expected a multiple of features, 3, given Buffer[FLOAT32 x 16]",
        () -> ops.gather(gather(floats(16), index, 4, 2)));
    refused(
        "gather: batch: expected at most rows, 5, given 6",
        () -> ops.gather(gather(source, null, 5, 6)));
    refused(
        "gather: source: expected UINT8 or FLOAT32, given Buffer[FLOAT64 x 15]",
        () -> ops.gather(gather(doubles(15), null, 5, 2)));
  }

  private Gather gather(Buffer source, @Nullable Buffer index, int rows, int batch) {
    return new Gather(
        source, index, floats(3L * batch), control(), rows, 3, batch, 1, true, false, 1);
  }

  @Test
  void copiedColumnsLieInBothMatrices() {
    refused(
        "copyColumns: rows: expected a multiple of repeat, 4, given 6",
        () -> ops.copyColumns(columns(6, 4, 2, 3, 0, 5, 0)));
    refused(
        "copyColumns: sourceColumns: expected the 4 columns copied or more, given 3",
        () -> ops.copyColumns(columns(6, 3, 4, 3, 0, 5, 0)));
    refused(
        "copyColumns: sourceFirst: expected at most 1, for 2 of 3, given 2",
        () -> ops.copyColumns(columns(6, 3, 2, 3, 2, 5, 0)));
    refused(
        "copyColumns: targetFirst: expected at most 3, for 2 of 5, given 2147483647",
        () -> ops.copyColumns(columns(6, 3, 2, 3, 1, 5, Integer.MAX_VALUE)));
    ops.copyColumns(columns(6, 3, 2, 3, 1, 5, 3)).close();
  }

  private CopyColumns columns(
      int rows, int repeat, int count, int from, int first, int to, int at) {
    return new CopyColumns(
        floats(2L * from), floats(6L * to), rows, repeat, count, from, first, to, at);
  }

  @Test
  void freeBitsNeedTheKlPerDimension() {
    refused(
        "reparameterizeBackward: klPerDimension: expected a buffer, which freeBits above 0 need,"
            + " given null",
        () -> ops.reparameterizeBackward(backward(null, 0.5f)));
    refused(
        "reparameterizeBackward: freeBits: expected a finite number of 0 or more, given -0.5",
        () -> ops.reparameterizeBackward(backward(null, -0.5f)));
    ops.reparameterizeBackward(backward(null, 0)).close();
    ops.reparameterizeBackward(backward(floats(3), 0.5f)).close();
  }

  private ReparameterizeBackward backward(@Nullable Buffer klPerDimension, float freeBits) {
    return new ReparameterizeBackward(
        floats(12),
        floats(6),
        klPerDimension,
        floats(12),
        control(),
        2,
        1,
        3,
        1,
        Stream.LATENT,
        0,
        1,
        freeBits);
  }

  /** The noise's row is an int: beyond it two rows would draw the same. */
  @Test
  void noiseRowsDoNotWrap() {
    refused(
        "reparameterize: (rowOffset + batch) * samples: expected at most 2147483647 elements,"
            + " given 4000008000 or more",
        () ->
            ops.reparameterize(
                new Reparameterize(
                    floats(4),
                    floats(8000),
                    floats(2),
                    null,
                    null,
                    control(),
                    2,
                    4000,
                    1,
                    1,
                    Stream.LATENT,
                    1_000_000)));
  }

  @Test
  void metricsNeedWholeRows() {
    refused(
        "recordMetrics: nll: expected a multiple of the 3 rows of kl, given Buffer[FLOAT32 x 7]",
        () ->
            ops.recordMetrics(
                new RecordMetrics(
                    floats(7), floats(3), null, doubles(1), doubles(5), doubles(1), control(), 1)));
  }

  @Test
  void decayRatesStayBelowOne() {
    refused(
        "adam: beta1: expected 0 or more and below 1, given 1.0",
        () -> ops.adam(adam(1, 0.999, 0)));
    refused(
        "adam: beta2: expected 0 or more and below 1, given -0.1",
        () -> ops.adam(adam(0.9, -0.1, 0)));
    refused("adam: emaDecay: expected 0 to 1, given 1.5", () -> ops.adam(adam(0.9, 0.9, 1.5)));
    ops.adam(adam(0, 0, 1)).close();
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

  @Test
  void itGivesItsBackend() {
    assertSame(backend, ops.backend());
  }
}
