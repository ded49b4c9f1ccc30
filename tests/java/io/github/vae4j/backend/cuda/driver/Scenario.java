// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Inlet;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.cuda.CudaBackend;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * A short use of a backend with every kind of native call: open, allocate, write, launches, matrix
 * products, a copy, graphs of one step and of several, read, close. It closes all its resources,
 * also after a failure, as a user's try-with-resources does.
 */
final class Scenario {
  /** The result: sqrt(I O) times the sum over B of 0.5. */
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
      return run(backend, arena);
    }
  }

  private static double run(Backend backend, Arena arena) {
    Tensor x = backend.tensor(arena, B, I);
    Tensor bias = backend.tensor(arena, O);
    Tensor dy = backend.tensor(arena, B, O);
    Tensor dWeight = backend.tensor(arena, I, O);
    Tensor dBias = backend.tensor(arena, O);
    Tensor norm = new Tensor(arena.own(backend.allocate(DType.FLOAT64, 1)), 1);
    // Too large for a copy without the pinned ring.
    backend.tensor(arena, LARGE).write(new float[LARGE]);
    Inlet inlet = arena.own(backend.inlet(DType.UINT8, LARGE));
    inlet.write(ByteBuffer.allocateDirect(LARGE));
    Tensor weight = backend.tensor(arena, I, O);
    Tensor y = backend.tensor(arena, B, O);
    Dense layer = new Dense(x, weight, bias, null, y, Activation.TANH);
    Dense linear = new Dense(x, weight, bias, null, y, Activation.IDENTITY);
    List<Op> step =
        List.of(
            new Copy(constant(backend, arena, 0.5f, B, I), x),
            layer,
            new Copy(constant(backend, arena, 1, B, O), dy),
            new DenseBackward(linear, dy, backend.tensor(arena, B, I), dWeight, dBias),
            new Copy(dBias, bias),
            new GlobalNorm(dWeight.as(I * O), norm));
    step.forEach(op -> arena.own(backend.compile(List.of(op))).run());
    Program program = arena.own(backend.compile(step));
    program.run();
    int runs = program.runsPerCall();
    Control control =
        new Control(arena.own(backend.allocate(DType.FLOAT64, (long) runs * Control.LENGTH)));
    program.run(control, runs);
    return norm.toDoubles()[0];
  }

  private static Tensor constant(Backend backend, Arena arena, float value, int... dims) {
    Tensor tensor = backend.tensor(arena, dims);
    float[] values = new float[Math.toIntExact(tensor.length())];
    Arrays.fill(values, value);
    tensor.write(values);
    return tensor;
  }
}
