package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.backend.op.Fill;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a weight gradient may run beside. The emulated device runs a graph's nodes in the order of
 * their capture, so that a join that is missing would not be seen there.
 */
final class BranchTest {
  private static final int B = 3;
  private static final int I = 4;
  private static final int O = 5;

  private final Backend backend = new ReferenceBackend();
  private final Arena arena = new Arena();
  private final Buffer x = floats(B * I);
  private final Buffer dx = floats(B * I);
  private final Buffer dy = floats(B * O);

  /**
   * All gradients in one arena, as a training step has them: dWeight, dBias, then another layer's.
   */
  private final Buffer gradients = floats(I * O + O + I * I + I);

  private final Buffer dWeight = gradients.slice(0, I * O);
  private final Buffer dBias = gradients.slice(I * O, O);
  private final DenseBackward above =
      new DenseBackward(
          x, floats(I * O), floats(B * O), dy, dx, dWeight, dBias, B, I, O, Activation.IDENTITY);

  @AfterEach
  void close() {
    arena.close();
    backend.close();
  }

  private Buffer floats(int length) {
    return arena.own(backend.allocate(DType.FLOAT32, length));
  }

  /** The layer below: its output is what the layer above read, its dy the dx of that layer. */
  private DenseBackward below(Buffer output, Buffer inputGradient, Buffer ownDWeight) {
    return new DenseBackward(
        floats(B * I),
        floats(I * I),
        output,
        dx,
        inputGradient,
        ownDWeight,
        gradients.slice(I * O + O + I * I, I),
        B,
        I,
        I,
        Activation.RELU);
  }

  private Buffer elsewhere() {
    return gradients.slice(I * O + O, I * I);
  }

  @Test
  void theLayerBelowReadsWhatItReadsAndRunsBesideIt() {
    assertDepends(false, below(x, floats(B * I), elsewhere()));
    assertDepends(false, new Fill(dx, 0));
  }

  @Test
  void whoNamesItsResultsWaits() {
    assertDepends(true, new GlobalNorm(gradients, arena.own(backend.allocate(DType.FLOAT64, 1))));
    assertDepends(true, new Fill(dWeight.slice(3, 2), 0));
    assertDepends(true, new Copy(dBias, floats(O)));
    assertDepends(true, below(x, floats(B * I), gradients.slice(I * O - 1, I * I)));
  }

  @Test
  void whoMayWriteItsFactorsWaits() {
    assertDepends(true, below(x, x, elsewhere()));
    assertDepends(true, below(x, dy.slice(0, B * I), elsewhere()));
    assertDepends(true, new Fill(dy, 0));
    assertDepends(true, new Copy(floats(B * I), x));
    assertDepends(true, new Copy(x, floats(B * I)));
  }

  private void assertDepends(boolean expected, Op op) {
    assertEquals(expected, Fusion.depends(op, above), op.toString());
  }
}
