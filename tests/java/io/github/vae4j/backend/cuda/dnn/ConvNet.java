// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.dnn;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Window;
import io.github.vae4j.backend.op.Conv;
import io.github.vae4j.backend.op.ConvBackward;
import io.github.vae4j.backend.op.ConvTranspose;
import io.github.vae4j.backend.op.ConvTransposeBackward;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A convolution, the transposed one back, and their gradients, on the buffers of a backend: every
 * call of cuDNN that the backend makes.
 */
final class ConvNet {
  private static final int N = 2;
  private static final int LARGE = 6;
  private static final int SMALL = 3;
  private static final int CHANNELS = 3;
  private static final int FEATURES = 5;
  private static final int KERNEL = 4;
  private static final Window WINDOW = Window.square(KERNEL, 2, 1);

  private final Backend backend;
  private final Arena arena;
  private final int shifted;
  private final List<Tensor> tensors = new ArrayList<>();
  private final Tensor dx;
  private final Tensor dWeight;
  private final List<Op> ops;

  ConvNet(Backend backend, Arena arena) {
    this(backend, arena, -1);
  }

  /**
   * A net with a tensor that is not at a multiple of 16 bytes.
   *
   * @param shifted its number, in the order of {@link #values}
   */
  ConvNet(Backend backend, Arena arena, int shifted) {
    this.backend = backend;
    this.arena = arena;
    this.shifted = shifted;
    Tensor x = image(LARGE, CHANNELS);
    Tensor weight = ramp(FEATURES, KERNEL, KERNEL, CHANNELS);
    Tensor y = image(SMALL, FEATURES);
    Conv down = new Conv(x, weight, ramp(FEATURES), null, y, WINDOW, 1, Activation.RELU);
    Tensor back = image(LARGE, CHANNELS);
    ConvTranspose up =
        new ConvTranspose(y, weight, ramp(CHANNELS), null, back, WINDOW, 1, Activation.IDENTITY);
    Tensor dy = image(SMALL, FEATURES);
    this.dx = image(LARGE, CHANNELS);
    this.dWeight = ramp(FEATURES, KERNEL, KERNEL, CHANNELS);
    Tensor dWeightUp = ramp(FEATURES, KERNEL, KERNEL, CHANNELS);
    this.ops =
        List.of(
            down,
            up,
            new ConvTransposeBackward(up, image(LARGE, CHANNELS), dy, dWeightUp, ramp(CHANNELS)),
            new ConvBackward(down, dy, dx, dWeight, ramp(FEATURES)));
  }

  /** The ops, each of which may be compiled alone. */
  List<Op> ops() {
    return ops;
  }

  /** Compiles and runs all ops as one program; returns the gradients. */
  float[] run() {
    arena.own(backend.compile(ops)).run();
    float[] all = new float[Math.toIntExact(dx.length() + dWeight.length())];
    System.arraycopy(dx.toFloats(), 0, all, 0, (int) dx.length());
    System.arraycopy(dWeight.toFloats(), 0, all, (int) dx.length(), (int) dWeight.length());
    return all;
  }

  /** The values of each tensor. */
  List<float[]> values() {
    return tensors.stream().map(Tensor::toFloats).toList();
  }

  /** Runs a dense layer, which needs no cuDNN. */
  void dense() {
    Tensor x = ramp(N, CHANNELS);
    Tensor y = ramp(N, FEATURES);
    Dense layer = new Dense(x, ramp(CHANNELS, FEATURES), ramp(FEATURES), null, y, Activation.RELU);
    arena.own(backend.compile(List.of(layer))).run();
    y.toFloats();
  }

  private Tensor image(int size, int channels) {
    return ramp(N, size, size, channels);
  }

  private Tensor ramp(int... dims) {
    int length = Math.toIntExact(Tensor.elements(dims));
    int offset = tensors.size() == shifted ? 1 : 0;
    Buffer buffer = arena.own(backend.allocate(DType.FLOAT32, length + offset));
    Tensor tensor = new Tensor(buffer.slice(offset, length), dims);
    tensors.add(tensor);
    float[] values = new float[length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 37 % 101 - 47) / 97f;
    }
    tensor.write(values);
    return tensor;
  }
}
