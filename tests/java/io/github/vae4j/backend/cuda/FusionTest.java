// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.RecordMetrics;
import io.github.vae4j.cudasim.CudaSim;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A program computes the values that its ops compute one by one, in fewer launches. */
@Tag("cuda")
@Tag("cudasim")
@ExtendWith(EmulatedDevice.class)
final class FusionTest {
  private static final int SLOTS = 4;
  private static final int ROWS = 37;

  private final CudaBackend backend = CudaBackend.open(Precision.FP32);
  private final Arena arena = new Arena();
  private final Random random = new Random(7);
  private final Map<Tensor, float[]> initial = new LinkedHashMap<>();

  @AfterEach
  void close() {
    arena.close();
    assertEquals(0, backend.open());
    backend.close();
  }

  @ParameterizedTest
  @CsvSource({
    "5, false, 0",
    "1024, true, 0.5",
    "1025, false, 0.5",
    "70001, true, 0",
    "1100000, false, 0.5"
  })
  void theEndOfAStepIsOneLaunchOfTheSameBits(int n, boolean average, double clip) {
    Tensor gradients = floats(n);
    Tensor nll = floats(ROWS, 1);
    Tensor kl = floats(ROWS);
    Tensor bound = average ? floats(ROWS) : null;
    Tensor norm = doubles(1);
    Tensor status = doubles(1);
    Tensor state = doubles(3);
    Tensor ring = doubles(SLOTS, RecordMetrics.WIDTH);
    Tensor parameters = floats(n);
    Tensor m = floats(n);
    Tensor v = floats(n);
    Tensor mean = average ? floats(n) : null;
    Tensor penalty = average ? floats(2) : null;
    Control control = new Control(doubles(Control.LENGTH).buffer());
    List<Op> step =
        List.of(
            new GlobalNorm(gradients, norm),
            new RecordMetrics(nll, kl, bound, penalty, norm, ring, status, control, 1e9),
            new AdamUpdate(
                parameters,
                gradients,
                m,
                v,
                mean,
                norm,
                status,
                state,
                control,
                0.9,
                0.999,
                1e-8,
                0.01,
                true,
                clip,
                average ? 0.99 : 0));
    List<Program> oneByOne = eager(step);
    Program together = arena.own(backend.compile(step));
    List<Object> eager = new ArrayList<>();
    List<Object> fused = new ArrayList<>();
    for (boolean asOne : new boolean[] {false, true}) {
      reset();
      state.buffer().write(new double[3]);
      ring.buffer().write(new double[SLOTS * RecordMetrics.WIDTH]);
      for (int i = 0; i < 5; i++) {
        // The third step is not finite: only the counters change.
        nll.write(i == 2 ? nan(ROWS) : new float[ROWS]);
        control.set(Control.STEP, i).set(Control.LEARNING_RATE, 0.01 * (i + 1)).upload();
        CudaSim.resetCounts();
        if (asOne) {
          together.run();
        } else {
          oneByOne.forEach(Program::run);
        }
        backend.synchronize();
        assertEquals(asOne ? 1 : 3, launches());
        List<Object> into = asOne ? fused : eager;
        into.add(parameters.toFloats());
        into.add(m.toFloats());
        into.add(v.toFloats());
        into.add(mean == null ? new float[0] : mean.toFloats());
        into.add(norm.toDoubles());
        into.add(status.toDoubles());
        into.add(state.toDoubles());
        into.add(ring.toDoubles());
      }
    }
    assertArrayEquals(eager.toArray(), fused.toArray());
    assertArrayEquals(new double[] {4, 1, 0}, state.toDoubles());
  }

  @Test
  void opsOfOtherBuffersAreLeftAsTheyAre() {
    Tensor gradients = floats(10);
    Tensor norm = doubles(1);
    Tensor other = doubles(1);
    Tensor status = doubles(1);
    Control control = new Control(doubles(Control.LENGTH).buffer());
    List<Op> step =
        List.of(
            new GlobalNorm(gradients, other),
            new RecordMetrics(
                floats(1, 1),
                floats(1),
                null,
                null,
                norm,
                doubles(SLOTS, RecordMetrics.WIDTH),
                status,
                control,
                1e9),
            new AdamUpdate(
                floats(10),
                gradients,
                floats(10),
                floats(10),
                null,
                norm,
                status,
                doubles(3),
                control,
                0.9,
                0.999,
                1e-8,
                0,
                false,
                1,
                0));
    assertEquals(3, launchesOf(step));
  }

  /** The ops of a net's forward and backward pass; the last layer is linear. */
  private final class Net {
    final List<Tensor> outputs = new ArrayList<>();
    final List<Tensor> gradients = new ArrayList<>();
    final List<Tensor> dWeights = new ArrayList<>();
    final List<Tensor> dBiases = new ArrayList<>();
    final List<Op> step = new ArrayList<>();
    int forwards;

    Net(Activation activation, int batch, int shift, int... sizes) {
      List<DenseBackward> backward = new ArrayList<>();
      Tensor x = floats(batch, sizes[0]);
      Tensor dx = null;
      for (int i = 0; i + 1 < sizes.length; i++) {
        Activation own = i + 2 == sizes.length ? Activation.IDENTITY : activation;
        Tensor weight = floats(sizes[i], sizes[i + 1]);
        Tensor bias = floats(sizes[i + 1]);
        Tensor v = own.needsPreactivation() ? floats(batch, sizes[i + 1]) : null;
        Tensor y = floats(batch, sizes[i + 1]);
        Tensor dy = floats(batch, sizes[i + 1]);
        Tensor dWeight = floats(sizes[i], sizes[i + 1]);
        Tensor dBias = floats(sizes[i + 1] + shift).part(shift, sizes[i + 1]);
        Dense layer = new Dense(x, weight, bias, v, y, own);
        step.add(layer);
        backward.add(0, new DenseBackward(layer, dy, dx, dWeight, dBias));
        outputs.add(y);
        gradients.add(dy);
        dWeights.add(dWeight);
        dBiases.add(dBias);
        x = y;
        dx = dy;
      }
      forwards = step.size();
      step.addAll(backward);
    }

    /** All results: outputs, gradients and dW first, then the bias gradients. */
    List<float[]> results() {
      List<float[]> all = new ArrayList<>();
      outputs.forEach(b -> all.add(b.toFloats()));
      gradients.forEach(b -> all.add(b.toFloats()));
      dWeights.forEach(b -> all.add(b.toFloats()));
      dBiases.forEach(b -> all.add(b.toFloats()));
      return all;
    }

    /** Compares the ops one by one with one program; all bits but the bias gradients' are equal. */
    void compare(@Nullable Tensor watched) {
      reset();
      eager(step).forEach(Program::run);
      List<float[]> eager = results();
      float[] was = watched == null ? new float[0] : watched.toFloats();
      reset();
      try (Program program = backend.compile(step)) {
        program.run();
        program.run();
      }
      List<float[]> fused = results();
      int exact = eager.size() - dBiases.size();
      for (int i = 0; i < eager.size(); i++) {
        assertArrayEquals(eager.get(i), fused.get(i), i < exact ? 0f : 1e-4f, "result " + i);
      }
      assertArrayEquals(was, watched == null ? was : watched.toFloats());
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 3, 5, 7", "37, 20, 400, 9", "128, 33, 129, 40", "300, 8, 128, 4"})
  void theReluGradientRidesOnTheProductAboveIt(int batch, int in, int hidden, int out) {
    Net net = new Net(Activation.RELU, batch, 0, in, hidden, hidden, out);
    // Three forward products; two per layer backward, except one for the first, which has no input
    // gradient.
    int products = 3 + 5;
    assertEquals(products, launchesOf(net.step));
    net.compare(null);
  }

  @ParameterizedTest
  @EnumSource(
      value = Activation.class,
      names = {"RELU", "IDENTITY"},
      mode = EnumSource.Mode.EXCLUDE)
  void otherActivationsKeepTheirKernels(Activation activation) {
    Net net = new Net(activation, 9, 0, 6, 8, 4);
    assertEquals(2 + 1 + 3 + 1, launchesOf(net.step));
    net.compare(null);
  }

  @Test
  void aBiasGradientThatIsNotAlignedKeepsTheKernel() {
    Net net = new Net(Activation.RELU, 9, 1, 6, 8, 4);
    // No epilogue accepts it: a kernel computes the head's bias gradient, too.
    assertEquals(2 + 3 + 2, launchesOf(net.step));
    net.compare(null);
  }

  @Test
  void anOutputThatChangesAfterItsForwardPassKeepsTheKernel() {
    Net net = new Net(Activation.RELU, 9, 0, 6, 8, 4);
    Tensor h = net.outputs.get(0);
    net.step.add(net.forwards, new Add(floats(5), h.as(h.rows() * h.dim(1)).part(3, 5)));
    assertEquals(2 + 1 + 3 + 1, launchesOf(net.step));
    net.compare(h);
  }

  @Test
  void aBackwardPassWithoutItsForwardPassKeepsTheKernel() {
    Net net = new Net(Activation.RELU, 9, 0, 6, 8, 4);
    assertEquals(3 + 1, launchesOf(net.step.subList(net.forwards, net.step.size())));
  }

  @Test
  void aBackwardPassThatIsNotNextKeepsTheKernel() {
    Net net = new Net(Activation.RELU, 9, 0, 6, 8, 4);
    Tensor dh = net.gradients.get(0);
    net.step.add(net.forwards + 1, new Add(floats(dh.rows(), dh.dim(1)), dh));
    assertEquals(2 + 1 + 3 + 1, launchesOf(net.step));
    net.compare(null);
  }

  @Test
  void aLayerThatIsEqualButNotInTheProgramKeepsTheKernel() {
    Net net = new Net(Activation.RELU, 9, 0, 6, 8, 4);
    Dense h = (Dense) net.step.get(0);
    net.step.set(0, new Dense(h.x(), h.weight(), h.bias(), null, h.y(), Activation.RELU));
    assertEquals(2 + 3 + 1, launchesOf(net.step));
    net.compare(null);
  }

  /** The fused product would write it while the gradients of the layer above are computed. */
  @Test
  void aBiasGradientInTheMemoryOfTheLayerAboveKeepsTheKernel() {
    Net net = new Net(Activation.RELU, 9, 0, 6, 8, 4);
    DenseBackward below = (DenseBackward) net.step.get(3);
    Tensor shared = net.dWeights.get(1).as(8 * 4).part(8, 8);
    net.step.set(
        3, new DenseBackward(below.forward(), below.dy(), below.dx(), below.dWeight(), shared));
    assertEquals(2 + 3 + 1, launchesOf(net.step));
    net.compare(shared);
  }

  private int launchesOf(List<Op> step) {
    reset();
    try (Program program = backend.compile(step)) {
      CudaSim.resetCounts();
      program.run();
      backend.synchronize();
      return launches();
    }
  }

  /** A program for each op. */
  private List<Program> eager(List<Op> step) {
    return step.stream().map(op -> arena.own(backend.compile(List.of(op)))).toList();
  }

  private static int launches() {
    return CudaSim.profile().get("launches").asInt();
  }

  private Tensor floats(int... dims) {
    Tensor tensor = backend.tensor(arena, dims);
    float[] values = new float[Math.toIntExact(tensor.length())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() / 4;
    }
    initial.put(tensor, values);
    return tensor;
  }

  private Tensor doubles(int... dims) {
    return new Tensor(arena.own(backend.allocate(DType.FLOAT64, Tensor.elements(dims))), dims);
  }

  /** Sets every float tensor to its initial values. */
  private void reset() {
    initial.forEach(Tensor::write);
  }

  private static float[] nan(int length) {
    float[] values = new float[length];
    Arrays.fill(values, Float.NaN);
    return values;
  }
}
