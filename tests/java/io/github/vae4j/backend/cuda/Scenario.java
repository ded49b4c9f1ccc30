package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Inlet;
import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.Replay;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.backend.op.Fill;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One short life of a backend that makes every kind of native call: open, allocate, write,
 * launches, matrix products, a copy, a recorded step, read, close. It closes all it opened whatever
 * fails, as a user's try-with-resources does.
 */
final class Scenario {
  /** What it returns: sqrt(I O) times the sum over B of 0.5. */
  static final double NORM = Math.sqrt(5 * 4) * 3 * 0.5;

  private static final int B = 3;
  private static final int I = 5;
  private static final int O = 4;
  private static final int LARGE = 20_000;

  private Scenario() {}

  /** Runs it and returns the gradient's norm. */
  static double run() {
    try (Backend backend = CudaBackend.open(Precision.FP32);
        Arena arena = new Arena()) {
      return run(new Ops(backend), arena);
    }
  }

  private static double run(Ops ops, Arena arena) {
    Buffer x = floats(ops, arena, B * I);
    Buffer weight = floats(ops, arena, I * O);
    Buffer bias = floats(ops, arena, O);
    Buffer y = floats(ops, arena, B * O);
    Buffer dy = floats(ops, arena, B * O);
    Buffer dx = floats(ops, arena, B * I);
    Buffer dWeight = floats(ops, arena, I * O);
    Buffer dBias = floats(ops, arena, O);
    Buffer norm = arena.own(ops.allocate(DType.FLOAT64, 1));
    weight.write(new float[I * O]);
    // More than goes along with a call.
    floats(ops, arena, LARGE).write(new float[LARGE]);
    Inlet inlet = arena.own(ops.inlet(DType.UINT8, LARGE));
    inlet.write(ByteBuffer.allocateDirect(LARGE));
    List<PreparedOp> step =
        List.of(
            arena.own(ops.fill(new Fill(x, 0.5))),
            arena.own(ops.dense(new Dense(x, weight, bias, null, y, B, I, O, Activation.TANH))),
            arena.own(ops.fill(new Fill(dy, 1))),
            arena.own(
                ops.denseBackward(
                    new DenseBackward(
                        x, weight, y, dy, dx, dWeight, dBias, B, I, O, Activation.IDENTITY))),
            arena.own(ops.copy(new Copy(dBias, bias))),
            arena.own(ops.globalNorm(new GlobalNorm(dWeight, norm))));
    step.forEach(PreparedOp::run);
    Replay replay = arena.own(ops.record(step));
    replay.run();
    Control control =
        new Control(
            arena.own(ops.allocate(DType.FLOAT64, (long) replay.stepsPerCall() * Control.LENGTH)));
    replay.run(control, replay.stepsPerCall());
    return norm.toDoubles()[0];
  }

  private static Buffer floats(Ops ops, Arena arena, int length) {
    return arena.own(ops.allocate(DType.FLOAT32, length));
  }
}
