// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.backend.op.GaussianPrior;
import io.github.vae4j.backend.op.GaussianPriorBackward;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The ops that may run beside a weight gradient. The emulated device runs the nodes of a graph in
 * the order of their capture, so that it cannot show a missing join.
 */
final class BranchTest {
  private static final int B = 3;
  private static final int I = 4;
  private static final int O = 5;

  private final Backend backend = new ReferenceBackend();
  private final Arena arena = new Arena();
  private final Tensor x = floats(B, I);
  private final Tensor dx = floats(B, I);
  private final Tensor dy = floats(B, O);

  /**
   * All gradients in one arena, as in a training step: dWeight, dBias, then those of another layer.
   */
  private final Tensor gradients = floats(I * O + O + I * I + I);

  private final Tensor dWeight = gradients.part(0, I * O).as(I, O);
  private final Tensor dBias = gradients.part(I * O, O);
  private final DenseBackward above =
      new DenseBackward(
          new Dense(x, floats(I, O), floats(O), null, floats(B, O), Activation.IDENTITY),
          dy,
          dx,
          dWeight,
          dBias);

  @AfterEach
  void close() {
    arena.close();
    backend.close();
  }

  private Tensor floats(int... dims) {
    return backend.tensor(arena, dims);
  }

  /** The layer below: its output is the input of the layer above, its dy the dx of that layer. */
  private DenseBackward below(Tensor output, Tensor inputGradient, Tensor ownDWeight) {
    return new DenseBackward(
        new Dense(floats(B, I), floats(I, I), floats(I), null, output, Activation.RELU),
        dx,
        inputGradient,
        ownDWeight.as(I, I),
        gradients.part(I * O + O + I * I, I));
  }

  private Tensor elsewhere() {
    return gradients.part(I * O + O, I * I);
  }

  @Test
  void theLayerBelowReadsWhatItReadsAndRunsBesideIt() {
    assertDepends(false, below(x, floats(B, I), elsewhere()));
    assertDepends(false, new Add(floats(B, I), dx));
  }

  /** A prior's gradient, which reads z, runs beside the layer that read z. */
  @Test
  void aGradientOnlyReadsTheOperandsOfItsForwardOp() {
    GaussianPrior prior = new GaussianPrior(x, floats(B, 2 * I), floats(B));
    Control control = new Control(arena.own(backend.allocate(DType.FLOAT64, Control.LENGTH)));
    assertDepends(false, new GaussianPriorBackward(prior, null, dx, floats(B, 2 * I), control, 1));
    assertDepends(true, prior);
  }

  @Test
  void whoNamesItsResultsWaits() {
    Tensor norm = new Tensor(arena.own(backend.allocate(DType.FLOAT64, 1)), 1);
    assertDepends(true, new GlobalNorm(gradients, norm));
    assertDepends(true, new Add(floats(2), gradients.part(3, 2)));
    assertDepends(true, new Copy(dBias, floats(O)));
    assertDepends(true, below(x, floats(B, I), gradients.part(I * O - 1, I * I)));
    Dense reader = new Dense(floats(B, I), dWeight, floats(O), null, floats(B, O), Activation.RELU);
    assertDepends(
        true, new DenseBackward(reader, floats(B, O), floats(B, I), floats(I, O), floats(O)));
  }

  @Test
  void whoMayWriteItsFactorsWaits() {
    assertDepends(true, below(floats(B, I), x, elsewhere()));
    assertDepends(true, below(x, dy.as(B * O).part(0, B * I).as(B, I), elsewhere()));
    assertDepends(true, new Add(floats(B, O), dy));
    assertDepends(true, new Copy(floats(B, I), x));
    assertDepends(true, new Copy(x, floats(B, I)));
  }

  private void assertDepends(boolean expected, Op op) {
    assertEquals(expected, Fusion.depends(op, above), op.toString());
  }
}
