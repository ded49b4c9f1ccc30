// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.net;

import io.github.vae4j.Thrown;
import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.MemoryException;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.model.Layers;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A net that does not fit into memory names its largest layer, in whichever layer it is found. */
final class NetMemoryTest {
  private static final String TEXT =
      "no memory; the largest layer is encoder.0 (conv:4x3s1p1: 5 rows of 8 x 8 x 4 values)";

  private static VaeSpec spec() {
    return VaeSpec.builder(64)
        .image(new ImageShape(8, 8, 1))
        .layers(Layers.parse("conv:4x3,conv:2x4s2,9", Activation.SILU))
        .latent(2)
        .build();
  }

  /** A backend that has memory for a number of tensors. */
  private static Backend withRoomFor(int tensors, Backend backend) {
    int[] left = {tensors};
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (method.getName().equals("tensor")) {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
          } else if (left[0]-- == 0) {
            throw new MemoryException("no memory");
          }
          return method.invoke(backend, arguments);
        };
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, handler);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 6})
  void theLargestLayerIsNamed(int room) {
    ParameterLayout layout = new ParameterLayout(spec());
    try (Backend backend = new ReferenceBackend();
        Arena arena = new Arena()) {
      Parameters parameters =
          Parameters.of(layout, arena.own(backend.allocate(DType.FLOAT32, layout.length())));
      Tensor input = backend.tensor(arena, 5, 64);
      Pass pass = new Pass(withRoomFor(room, backend), arena, parameters, null);
      Thrown.says(MemoryException.class, () -> new NetStage(pass, layout.encoder(), input), TEXT);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void ofTheGradientToo(int room) {
    ParameterLayout layout = new ParameterLayout(spec());
    try (Backend backend = new ReferenceBackend();
        Arena arena = new Arena()) {
      Parameters parameters =
          Parameters.of(layout, arena.own(backend.allocate(DType.FLOAT32, layout.length())));
      Tensor input = backend.tensor(arena, 5, 64);
      // Two tensors of each layer but the head, whose activation keeps none, and a flat row.
      Pass pass = new Pass(withRoomFor(8 + room, backend), arena, parameters, null);
      NetStage net = new NetStage(pass, layout.encoder(), input);
      Tensor dOutput = backend.tensor(arena, net.output().shape());
      Parameters gradients =
          parameters.gradients(arena.own(backend.allocate(DType.FLOAT32, layout.trained())));
      Thrown.says(MemoryException.class, () -> net.backward(gradients, dOutput, null), TEXT);
    }
  }
}
