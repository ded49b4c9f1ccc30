package io.github.vae4j.backend.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Fill;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.ImportanceWeights;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Memory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The oracle against answers that were found another way. */
final class ReferenceBackendTest {
  private final ReferenceBackend backend = new ReferenceBackend();
  private final Ops ops = new Ops(backend);
  private final Arena arena = new Arena();

  @AfterEach
  void close() {
    arena.close();
    assertEquals(0, backend.open());
    backend.close();
  }

  private Buffer floats(float... values) {
    Buffer buffer = arena.own(ops.allocate(DType.FLOAT32, values.length));
    buffer.write(values);
    return buffer;
  }

  private Buffer doubles(double... values) {
    Buffer buffer = arena.own(ops.allocate(DType.FLOAT64, values.length));
    buffer.write(values);
    return buffer;
  }

  private Control control() {
    return new Control(doubles(new double[Control.LENGTH]));
  }

  private void run(PreparedOp op) {
    try (op) {
      op.run();
    }
  }

  @Test
  void adamTakesTheStepsOfItsPaper() {
    Buffer p = floats(1);
    Buffer g = floats(0.5f);
    Buffer m = floats(0);
    Buffer v = floats(0);
    Buffer average = floats(1);
    Buffer state = doubles(0, 0, 4);
    Control control = control();
    control.set(Control.LEARNING_RATE, 0.1).upload();
    PreparedOp adam =
        arena.own(
            ops.adam(
                new AdamUpdate(
                    p,
                    g,
                    m,
                    v,
                    average,
                    doubles(0.5),
                    doubles(1),
                    state,
                    control,
                    0.9,
                    0.99,
                    1e-8,
                    0,
                    false,
                    0,
                    0.5)));
    adam.run();
    // After one step the bias-corrected moments are g and g^2: a step of the learning rate.
    assertEquals(0.9, p.toFloats()[0], 1e-6);
    assertEquals(0.95, average.toFloats()[0], 1e-6);
    g.write(new float[] {-0.25f});
    adam.run();
    double m2 = (0.9 * 0.05 + 0.1 * -0.25) / (1 - 0.81);
    double v2 = (0.99 * 0.0025 + 0.01 * 0.0625) / (1 - 0.9801);
    assertEquals(0.9 - 0.1 * m2 / Math.sqrt(v2), p.toFloats()[0], 1e-6);
    assertArrayEquals(new double[] {2, 0, 0}, state.toDoubles());
  }

  @Test
  void theNormOfThreeAndFourIsFive() {
    Buffer norm = doubles(0);
    run(ops.globalNorm(new GlobalNorm(floats(3, 0, -4), norm)));
    assertEquals(5, norm.toDoubles()[0]);
  }

  /** log p(z) - log q(z|x) is on average -KL(q||p). */
  @Test
  void theLogRatioAveragesToMinusTheKl() {
    int samples = 50_000;
    Buffer z = floats(new float[samples * 2]);
    Buffer kl = floats(0);
    Buffer klPerDimension = floats(0, 0);
    Buffer logRatio = floats(new float[samples]);
    run(
        ops.reparameterize(
            new Reparameterize(
                floats(0.5f, -1, 0.3f, -0.7f),
                z,
                kl,
                klPerDimension,
                logRatio,
                control(),
                1,
                samples,
                2,
                3,
                Stream.EVALUATE,
                0)));
    double sum = 0;
    double squares = 0;
    for (float ratio : logRatio.toFloats()) {
      sum += ratio;
      squares += (double) ratio * ratio;
    }
    double mean = sum / samples;
    double error = Math.sqrt((squares / samples - mean * mean) / samples);
    assertEquals(-kl.toFloats()[0], mean, 5 * error);
    double first = 0.5 * (Math.exp(0.3) + 0.25 - 1 - 0.3);
    double second = 0.5 * (Math.exp(-0.7) + 1 - 1 + 0.7);
    assertEquals(first, klPerDimension.toFloats()[0], 1e-6);
    assertEquals(second, klPerDimension.toFloats()[1], 1e-6);
    assertEquals(first + second, kl.toFloats()[0], 1e-6);
  }

  /** A batch in two halves draws what the whole one does. */
  @Test
  void aSplitBatchHasTheSameNoise() {
    float[] stats = new float[4 * 2 * 3];
    Buffer whole = floats(new float[4 * 2 * 3]);
    Buffer half = floats(new float[2 * 2 * 3]);
    Buffer zeros = floats(stats);
    run(ops.reparameterize(sample(zeros, whole, 4, 0)));
    run(ops.reparameterize(sample(zeros.slice(12, 12), half, 2, 2)));
    assertArrayEquals(whole.slice(12, 12).toFloats(), half.toFloats());
  }

  private Reparameterize sample(Buffer stats, Buffer z, int batch, int rowOffset) {
    Buffer kl = floats(new float[batch]);
    return new Reparameterize(
        stats, z, kl, null, null, control(), batch, 2, 3, 5, Stream.LATENT, rowOffset);
  }

  @Test
  void importanceWeightsInChunksAreOneLogsumexp() {
    Random random = new Random(6);
    int samples = 12;
    double[] logWeights = new double[samples];
    Buffer state = doubles(Double.NEGATIVE_INFINITY, 0, 0);
    for (int chunk = 0; chunk < 3; chunk++) {
      float[] nll = new float[4];
      float[] logRatio = new float[4];
      for (int l = 0; l < 4; l++) {
        nll[l] = (float) (900 + 3 * random.nextGaussian());
        logRatio[l] = (float) (-20 + 3 * random.nextGaussian());
        logWeights[4 * chunk + l] = (double) logRatio[l] - nll[l];
      }
      run(ops.importanceWeights(new ImportanceWeights(floats(nll), floats(logRatio), state, 1, 4)));
    }
    double max = Double.NEGATIVE_INFINITY;
    for (double logWeight : logWeights) {
      max = Math.max(max, logWeight);
    }
    double sum = 0;
    double squares = 0;
    for (double logWeight : logWeights) {
      sum += Math.exp(logWeight - max);
      squares += Math.exp(2 * (logWeight - max));
    }
    assertArrayEquals(new double[] {max, sum, squares}, state.toDoubles(), 1e-9);
  }

  @Test
  void anEpochHasEveryRowOnceAndTheNextAnotherOrder() {
    float[] rows = new float[10];
    for (int i = 0; i < 10; i++) {
      rows[i] = i;
    }
    Buffer source = floats(rows);
    Buffer out = floats(0, 0);
    Control control = control();
    PreparedOp gather =
        arena.own(ops.gather(new Gather(source, null, out, control, 10, 1, 2, 1, true, false, 77)));
    float[][] orders = new float[2][10];
    for (int epoch = 0; epoch < 2; epoch++) {
      BitSet seen = new BitSet();
      for (int position = 0; position < 10; position += 2) {
        control.set(Control.EPOCH, epoch).set(Control.POSITION, position).upload();
        gather.run();
        for (int b = 0; b < 2; b++) {
          orders[epoch][position + b] = out.toFloats()[b];
          seen.set((int) out.toFloats()[b]);
        }
      }
      assertEquals(10, seen.cardinality());
    }
    int same = 0;
    for (int i = 0; i < 10; i++) {
      same += orders[0][i] == orders[1][i] ? 1 : 0;
    }
    assertTrue(same < 10);
    control.set(Control.POSITION, 9).upload();
    assertEquals(
        "gather: expected position + batch of 10 or less, given 9 + 2",
        assertThrows(IllegalStateException.class, gather::run).getMessage());
  }

  /** Binarised pixels are 1 as often as they are bright, and new ones every step. */
  @Test
  void binarisationFollowsTheGreyValues() {
    int features = 5000;
    Buffer source = arena.own(ops.allocate(DType.UINT8, features));
    byte[] grey = new byte[features];
    Arrays.fill(grey, (byte) 204);
    grey[0] = 0;
    grey[1] = (byte) 255;
    source.write(grey);
    Buffer out = floats(new float[features]);
    Control control = control();
    PreparedOp gather =
        arena.own(
            ops.gather(
                new Gather(source, null, out, control, 1, features, 1, 1 / 255f, false, true, 77)));
    gather.run();
    float[] first = out.toFloats();
    double sum = 0;
    for (float value : first) {
      assertTrue(value == 0 || value == 1);
      sum += value;
    }
    assertEquals(0.8, sum / features, 5 * Math.sqrt(0.16 / features));
    assertEquals(0, first[0]);
    assertEquals(1, first[1]);
    control.set(Control.STEP, 1).upload();
    gather.run();
    assertTrue(!Arrays.equals(first, out.toFloats()));
  }

  @Test
  void whatIsClosedDoesNotRun() {
    Buffer buffer = ops.allocate(DType.FLOAT32, 3);
    PreparedOp fill = ops.fill(new Fill(buffer, 1));
    buffer.close();
    assertThrows(IllegalStateException.class, fill::run);
    fill.close();
    assertEquals(
        "fill was closed", assertThrows(IllegalStateException.class, fill::run).getMessage());
    ReferenceBackend other = new ReferenceBackend();
    other.close();
    assertThrows(IllegalStateException.class, () -> other.allocate(DType.FLOAT32, 1));
    assertThrows(IllegalStateException.class, other::synchronize);
  }

  @Test
  void aForeignBufferIsRefused() {
    Buffer foreign = Buffer.owning(new Foreign(), DType.FLOAT32, 3);
    assertEquals(
        "reference backend: expected its own FLOAT32 buffer, given Buffer[FLOAT32 x 3]",
        assertThrows(IllegalArgumentException.class, () -> ops.fill(new Fill(foreign, 1)))
            .getMessage());
  }

  @Test
  void aBufferThatIsTooLongIsRefused() {
    assertEquals(
        "reference backend: a buffer holds less than 2 GiB, given 536870912 FLOAT32",
        assertThrows(IllegalArgumentException.class, () -> ops.allocate(DType.FLOAT32, 1L << 29))
            .getMessage());
  }

  /** Memory of some other backend. */
  private static final class Foreign implements Memory {
    @Override
    public long bytes() {
      return 12;
    }

    @Override
    public long address() {
      return 64;
    }

    @Override
    public void read(long offset, ByteBuffer destination) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void write(long offset, ByteBuffer source) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
