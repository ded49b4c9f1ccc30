// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.ImportanceWeights;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Memory;
import io.github.vae4j.tensor.Tensor;
import io.github.vae4j.tensor.Turn;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The reference backend against results computed in another way. */
final class ReferenceBackendTest {
  private final ReferenceBackend backend = new ReferenceBackend();
  private final Arena arena = new Arena();

  @AfterEach
  void close() {
    arena.close();
    assertEquals(0, backend.open());
    backend.close();
  }

  private Tensor zeros(int... dims) {
    return backend.tensor(arena, dims);
  }

  private Tensor floats(float... values) {
    Tensor tensor = zeros(values.length);
    tensor.write(values);
    return tensor;
  }

  private Tensor doubles(double... values) {
    Buffer buffer = arena.own(backend.allocate(DType.FLOAT64, values.length));
    buffer.write(values);
    return new Tensor(buffer, values.length);
  }

  private Control control() {
    return new Control(doubles(new double[Control.LENGTH]).buffer());
  }

  private Program compile(Op op) {
    return arena.own(backend.compile(List.of(op)));
  }

  @Test
  void adamTakesTheStepsOfItsPaper() {
    Tensor p = floats(1);
    Tensor g = floats(0.5f);
    Tensor m = floats(0);
    Tensor v = floats(0);
    Tensor average = floats(1);
    Tensor state = doubles(0, 0, 4);
    Control control = control();
    control.set(Control.LEARNING_RATE, 0.1).upload();
    Program adam =
        compile(
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
                0.5));
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
    Tensor norm = doubles(0);
    compile(new GlobalNorm(floats(3, 0, -4), norm)).run();
    assertEquals(5, norm.toDoubles()[0]);
  }

  /** log p(z) - log q(z|x) is on average -KL(q||p). */
  @Test
  void theLogRatioAveragesToMinusTheKl() {
    int samples = 50_000;
    Tensor stats = floats(0.5f, -1, 0.3f, -0.7f).as(1, 4);
    Tensor kl = zeros(1);
    Tensor klPerDimension = zeros(2);
    Tensor logRatio = zeros(1, samples);
    compile(
            new Reparameterize(
                stats,
                zeros(1, samples, 2),
                kl,
                klPerDimension,
                logRatio,
                control(),
                3,
                Stream.EVALUATE,
                0))
        .run();
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

  /** A batch in two halves has the draws of the whole batch. */
  @Test
  void aSplitBatchHasTheSameNoise() {
    Tensor whole = zeros(4, 2, 3);
    Tensor half = zeros(2, 2, 3);
    Tensor stats = zeros(4, 2 * 3);
    compile(sample(stats, whole, 0)).run();
    compile(sample(stats.part(2, 2), half, 2)).run();
    assertArrayEquals(whole.part(2, 2).toFloats(), half.toFloats());
  }

  private Reparameterize sample(Tensor stats, Tensor z, int rowOffset) {
    Tensor kl = zeros(z.dim(0));
    return new Reparameterize(stats, z, kl, null, null, control(), 5, Stream.LATENT, rowOffset);
  }

  @Test
  void importanceWeightsInChunksAreOneLogsumexp() {
    Random random = new Random(6);
    int samples = 12;
    double[] logWeights = new double[samples];
    Tensor state = doubles(Double.NEGATIVE_INFINITY, 0, 0).as(1, 3);
    for (int chunk = 0; chunk < 3; chunk++) {
      float[] nll = new float[4];
      float[] logRatio = new float[4];
      for (int l = 0; l < 4; l++) {
        nll[l] = (float) (900 + 3 * random.nextGaussian());
        logRatio[l] = (float) (-20 + 3 * random.nextGaussian());
        logWeights[4 * chunk + l] = (double) logRatio[l] - nll[l];
      }
      compile(new ImportanceWeights(floats(nll).as(1, 4), floats(logRatio).as(1, 4), state)).run();
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
    Tensor source = floats(rows).as(10, 1);
    Tensor out = zeros(2, 1);
    Control control = control();
    Program gather = compile(new Gather(source, out, null, control, 1, true, false, 77));
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
    Buffer source = arena.own(backend.allocate(DType.UINT8, features));
    byte[] grey = new byte[features];
    Arrays.fill(grey, (byte) 204);
    grey[0] = 0;
    grey[1] = (byte) 255;
    source.write(grey);
    Tensor out = zeros(1, features);
    Control control = control();
    Tensor pixels = new Tensor(source, 1, features);
    Program gather = compile(new Gather(pixels, out, null, control, 1 / 255f, false, true, 77));
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
    Buffer buffer = backend.allocate(DType.FLOAT32, 2);
    Program copy =
        backend.compile(
            List.of(
                new Copy(new Tensor(buffer.slice(0, 1), 1), new Tensor(buffer.slice(1, 1), 1))));
    buffer.close();
    assertThrows(IllegalStateException.class, copy::run);
    copy.close();
    assertEquals(
        "copy was closed", assertThrows(IllegalStateException.class, copy::run).getMessage());
    ReferenceBackend other = new ReferenceBackend();
    other.close();
    assertThrows(IllegalStateException.class, () -> other.allocate(DType.FLOAT32, 1));
    assertThrows(IllegalStateException.class, other::synchronize);
  }

  @Test
  void aForeignBufferIsRefused() {
    Buffer foreign = Buffer.owning(new Foreign(), DType.FLOAT32, 3);
    assertEquals(
        "copy: reference backend: expected its own FLOAT32 buffer, given Buffer[FLOAT32 x 3]",
        assertThrows(
                IllegalArgumentException.class,
                () -> compile(new Copy(new Tensor(foreign, 3), zeros(3))))
            .getMessage());
  }

  @Test
  void aBufferThatIsTooLongIsRefused() {
    assertEquals(
        "reference backend: a buffer holds less than 2 GiB, given 536870912 FLOAT32",
        assertThrows(
                IllegalArgumentException.class, () -> backend.allocate(DType.FLOAT32, 1L << 29))
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
    public Turn turn() {
      return new Turn("other backend");
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
