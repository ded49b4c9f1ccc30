// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.vae4j.backend.Inlet;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.cudasim.CudaSim;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Writes of an inlet beside the ops that read it, in the order of submission and in the two orders
 * that show a missing wait for an event: copies as late, and as early, as their events allow.
 */
@Tag("cuda")
@Tag("cudasim")
@ExtendWith(EmulatedDevice.class)
final class InletTest {
  private static final int ROUNDS = 9;

  @AfterEach
  void asSubmitted() {
    CudaSim.setOption("order", 0);
  }

  /** A write is larger than a slot of the pinned ring, so that it is several copies. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void eachRoundReadsWhatWasWrittenForIt(int order) {
    int length = 600_000;
    CudaSim.setOption("order", order);
    List<byte[]> read = new ArrayList<>();
    try (CudaBackend backend = CudaBackend.open(Precision.FP32);
        Arena arena = new Arena()) {
      Inlet inlet = arena.own(backend.inlet(DType.UINT8, length));
      List<Buffer> results = new ArrayList<>();
      List<List<Program>> takes = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        Buffer result = arena.own(backend.allocate(DType.UINT8, length));
        results.add(result);
        Tensor halves = new Tensor(inlet.buffer(), 2, length);
        Tensor taken = new Tensor(result, 1, length);
        takes.add(
            List.of(
                arena.own(backend.compile(List.of(new Copy(halves.part(0, 1), taken)))),
                arena.own(backend.compile(List.of(new Copy(halves.part(1, 1), taken))))));
      }
      ByteBuffer host = ByteBuffer.allocateDirect(length);
      for (int round = 0; round < ROUNDS; round++) {
        int half = inlet.write(host.clear().put(bytes(round, length)).flip());
        assertEquals(round % 2, half);
        takes.get(round).get(half).run();
      }
      backend.synchronize();
      results.forEach(
          result -> {
            byte[] bytes = new byte[length];
            result.read(bytes);
            read.add(bytes);
          });
    }
    for (int round = 0; round < ROUNDS; round++) {
      assertArrayEquals(bytes(round, length), read.get(round), "round " + round);
    }
  }

  @Test
  void moreThanAHalfIsRefused() {
    try (CudaBackend backend = CudaBackend.open(Precision.FP32);
        Inlet inlet = backend.inlet(DType.UINT8, 10)) {
      ByteBuffer host = ByteBuffer.allocateDirect(11);
      assertThrows(IndexOutOfBoundsException.class, () -> inlet.write(host));
    }
  }

  private static byte[] bytes(int round, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + round * 7 + (i >> 8));
    }
    return bytes;
  }
}
