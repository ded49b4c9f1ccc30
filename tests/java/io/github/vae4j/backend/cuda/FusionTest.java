package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.Replay;
import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.backend.op.Fill;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.RecordMetrics;
import io.github.vae4j.cudasim.CudaSim;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
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

/** What a recording fuses leaves what its ops one by one leave, in fewer launches. */
@Tag("cuda")
@Tag("cudasim")
@ExtendWith(EmulatedDevice.class)
final class FusionTest {
  private static final int SLOTS = 4;
  private static final int ROWS = 37;

  private final CudaBackend backend = CudaBackend.open(Precision.FP32);
  private final Ops ops = new Ops(backend);
  private final Arena arena = new Arena();
  private final Random random = new Random(7);
  private final Map<Buffer, float[]> initial = new LinkedHashMap<>();

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
    Buffer gradients = floats(n);
    Buffer nll = floats(ROWS);
    Buffer kl = floats(ROWS);
    Buffer bound = average ? floats(ROWS) : null;
    Buffer norm = doubles(1);
    Buffer status = doubles(1);
    Buffer state = doubles(3);
    Buffer ring = doubles(SLOTS * RecordMetrics.WIDTH);
    Buffer parameters = floats(n);
    Buffer m = floats(n);
    Buffer v = floats(n);
    Buffer mean = average ? floats(n) : null;
    Buffer penalty = average ? floats(2) : null;
    Control control = new Control(doubles(Control.LENGTH));
    List<PreparedOp> step =
        own(
            ops.globalNorm(new GlobalNorm(gradients, norm)),
            ops.recordMetrics(
                new RecordMetrics(nll, kl, bound, penalty, norm, ring, status, control, SLOTS)),
            ops.adam(
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
                    average ? 0.99 : 0)));
    Replay replay = arena.own(ops.record(step));
    List<Object> eager = new ArrayList<>();
    List<Object> recorded = new ArrayList<>();
    for (boolean asOne : new boolean[] {false, true}) {
      reset();
      state.write(new double[3]);
      ring.write(new double[SLOTS * RecordMetrics.WIDTH]);
      for (int i = 0; i < 5; i++) {
        // The third step is not finite: nothing changes but the counters.
        nll.write(i == 2 ? nan(ROWS) : new float[ROWS]);
        control.set(Control.STEP, i).set(Control.LEARNING_RATE, 0.01 * (i + 1)).upload();
        CudaSim.resetCounts();
        if (asOne) {
          replay.run();
        } else {
          step.forEach(PreparedOp::run);
        }
        ops.synchronize();
        assertEquals(asOne ? 1 : 3, launches());
        List<Object> into = asOne ? recorded : eager;
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
    assertArrayEquals(eager.toArray(), recorded.toArray());
    assertArrayEquals(new double[] {4, 1, 0}, state.toDoubles());
  }

  @Test
  void opsOfOtherBuffersAreLeftAsTheyAre() {
    Buffer gradients = floats(10);
    Buffer norm = doubles(1);
    Buffer other = doubles(1);
    Buffer status = doubles(1);
    Control control = new Control(doubles(Control.LENGTH));
    List<PreparedOp> step =
        own(
            ops.globalNorm(new GlobalNorm(gradients, other)),
            ops.recordMetrics(
                new RecordMetrics(
                    floats(1),
                    floats(1),
                    null,
                    null,
                    norm,
                    doubles(RecordMetrics.WIDTH * SLOTS),
                    status,
                    control,
                    SLOTS)),
            ops.adam(
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
                    0)));
    assertEquals(3, launchesOf(step));
  }

  /** A net of three layers, the first two ReLU; what is not of its own lies in its arena. */
  private final class Net {
    final List<Buffer> outputs = new ArrayList<>();
    final List<Buffer> gradients = new ArrayList<>();
    final List<Buffer> dWeights = new ArrayList<>();
    final List<Buffer> dBiases = new ArrayList<>();
    final List<PreparedOp> step = new ArrayList<>();
    int forwards;

    Net(Activation activation, int batch, int shift, int... sizes) {
      List<DenseBackward> backward = new ArrayList<>();
      Buffer x = floats(batch * sizes[0]);
      Buffer dx = null;
      for (int i = 0; i + 1 < sizes.length; i++) {
        Activation own = i + 2 == sizes.length ? Activation.IDENTITY : activation;
        Buffer weight = floats(sizes[i] * sizes[i + 1]);
        Buffer bias = floats(sizes[i + 1]);
        Buffer v = own.needsPreactivation() ? floats(batch * sizes[i + 1]) : null;
        Buffer y = floats(batch * sizes[i + 1]);
        Buffer dy = floats(batch * sizes[i + 1]);
        Buffer dWeight = floats(sizes[i] * sizes[i + 1]);
        Buffer dBias = floats(sizes[i + 1] + shift).slice(shift, sizes[i + 1]);
        step.add(
            arena.own(
                ops.dense(new Dense(x, weight, bias, v, y, batch, sizes[i], sizes[i + 1], own))));
        backward.add(
            0,
            new DenseBackward(
                x,
                weight,
                v == null ? y : v,
                dy,
                dx,
                dWeight,
                dBias,
                batch,
                sizes[i],
                sizes[i + 1],
                own));
        outputs.add(y);
        gradients.add(dy);
        dWeights.add(dWeight);
        dBiases.add(dBias);
        x = y;
        dx = dy;
      }
      forwards = step.size();
      backward.forEach(op -> step.add(arena.own(ops.denseBackward(op))));
    }

    /** All it computed: outputs, gradients and dW first, then the bias gradients. */
    List<float[]> results() {
      List<float[]> all = new ArrayList<>();
      outputs.forEach(b -> all.add(b.toFloats()));
      gradients.forEach(b -> all.add(b.toFloats()));
      dWeights.forEach(b -> all.add(b.toFloats()));
      dBiases.forEach(b -> all.add(b.toFloats()));
      return all;
    }

    /** Eager against recorded; bits are equal but for the bias gradients. */
    void compare(@Nullable Buffer watched) {
      reset();
      step.forEach(PreparedOp::run);
      List<float[]> eager = results();
      float[] was = watched == null ? new float[0] : watched.toFloats();
      reset();
      try (Replay replay = ops.record(step)) {
        replay.run();
        replay.run();
      }
      List<float[]> recorded = results();
      int exact = eager.size() - dBiases.size();
      for (int i = 0; i < eager.size(); i++) {
        assertArrayEquals(eager.get(i), recorded.get(i), i < exact ? 0f : 1e-4f, "result " + i);
      }
      assertArrayEquals(was, watched == null ? was : watched.toFloats());
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 3, 5, 7", "37, 20, 400, 9", "128, 33, 129, 40", "300, 8, 128, 4"})
  void theReluGradientRidesOnTheProductAboveIt(int batch, int in, int hidden, int out) {
    Net net = new Net(Activation.RELU, batch, 0, in, hidden, hidden, out);
    // Three forward products; two a layer backward but for the first, which has no input gradient.
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
    // Neither epilogue takes it: the head's bias gradient is a kernel's, too.
    assertEquals(2 + 3 + 2, launchesOf(net.step));
    net.compare(null);
  }

  @Test
  void anOutputThatChangesAfterItsForwardPassKeepsTheKernel() {
    Net net = new Net(Activation.RELU, 9, 0, 6, 8, 4);
    Buffer h = net.outputs.get(0);
    net.step.add(net.forwards, arena.own(ops.fill(new Fill(h.slice(3, 5), 0))));
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
    Buffer dh = net.gradients.get(0);
    net.step.add(net.forwards + 1, arena.own(ops.fill(new Fill(dh, 1))));
    assertEquals(2 + 1 + 3 + 1, launchesOf(net.step));
    net.compare(null);
  }

  private int launchesOf(List<PreparedOp> step) {
    reset();
    try (Replay replay = ops.record(step)) {
      CudaSim.resetCounts();
      replay.run();
      ops.synchronize();
      return launches();
    }
  }

  private static int launches() {
    return CudaSim.profile().get("launches").asInt();
  }

  private Buffer floats(int length) {
    Buffer buffer = ops.floats(arena, length, 1);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian() / 4;
    }
    initial.put(buffer, values);
    return buffer;
  }

  private Buffer doubles(int length) {
    return arena.own(ops.allocate(DType.FLOAT64, length));
  }

  /** Gives every float buffer its first values. */
  private void reset() {
    initial.forEach(Buffer::write);
  }

  private List<PreparedOp> own(PreparedOp... planned) {
    for (PreparedOp op : planned) {
      arena.own(op);
    }
    return List.of(planned);
  }

  private static float[] nan(int length) {
    float[] values = new float[length];
    Arrays.fill(values, Float.NaN);
    return values;
  }
}
