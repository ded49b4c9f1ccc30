// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Inlet;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.cuda.driver.CudaException;
import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.cudasim.CudaSim;
import io.github.vae4j.cudasim.Faults;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The owners of resources, the orders in which they may be closed, and refused calls. */
@Tag("cuda")
@ExtendWith(EmulatedDevice.class)
final class LifecycleTest {
  @Test
  void everythingIsCountedAndFreed() {
    try (Backend backend = CudaBackend.open(Precision.FP32)) {
      assertEquals(0, backend.open());
      try (Buffer twos = twos(backend);
          Buffer sum = backend.allocate(DType.FLOAT32, 3);
          Program program = backend.compile(List.of(add(twos, sum), add(twos, sum)))) {
        program.run();
        assertEquals(3, backend.open());
        assertArrayEquals(new float[] {4, 4, 4}, sum.toFloats());
      }
      assertEquals(0, backend.open());
    }
  }

  @Test
  void whatOutlivesTheBackendIsFreedWithIt() {
    if (EmulatedDevice.used()) {
      CudaSim.resetCounts();
    }
    Backend backend = CudaBackend.open(Precision.FP32);
    Buffer x = backend.allocate(DType.FLOAT32, 3 * 5);
    Buffer weight = backend.allocate(DType.FLOAT32, 5 * 4);
    Buffer bias = backend.allocate(DType.FLOAT32, 4);
    Buffer y = backend.allocate(DType.FLOAT32, 3 * 4);
    Add add = new Add(new Tensor(bias, 4), new Tensor(x.slice(0, 4), 4));
    Dense dense =
        new Dense(
            new Tensor(x, 3, 5),
            new Tensor(weight, 5, 4),
            new Tensor(bias, 4),
            null,
            new Tensor(y, 3, 4),
            Activation.IDENTITY);
    Program launch = backend.compile(List.of(add));
    Program product = backend.compile(List.of(dense));
    Program graph = backend.compile(List.of(add, dense));
    Inlet inlet = backend.inlet(DType.UINT8, 8);
    graph.run();
    assertEquals(9, backend.open());
    backend.close();
    assertEquals(0, backend.open());
    if (EmulatedDevice.used()) {
      assertAllFreed(Faults.calls());
    }
    assertThrows(IllegalStateException.class, launch::run);
    assertThrows(IllegalStateException.class, graph::run);
    assertThrows(IllegalStateException.class, () -> backend.compile(List.of(add)));
    assertThrows(IllegalStateException.class, x::toFloats);
    assertThrows(IllegalStateException.class, () -> x.write(new float[1]));
    assertThrows(IllegalStateException.class, () -> inlet.write(ByteBuffer.allocateDirect(1)));
    assertThrows(IllegalStateException.class, () -> backend.allocate(DType.FLOAT32, 1));
    graph.close();
    product.close();
    launch.close();
    inlet.close();
    x.close();
    backend.close();
    if (EmulatedDevice.used()) {
      assertAllFreed(Faults.calls());
    }
  }

  /** Each object is destroyed by itself, because cuBLASLt may keep the primary context. */
  private static void assertAllFreed(Map<String, Integer> calls) {
    assertTrue(calls.getOrDefault("cuMemAlloc_v2", 0) > 0, calls.toString());
    Map<String, String> pairs =
        Map.of(
            "cuMemAlloc_v2", "cuMemFree_v2",
            "cuMemHostAlloc", "cuMemFreeHost",
            "cuEventCreate", "cuEventDestroy_v2",
            "cuStreamCreate", "cuStreamDestroy_v2",
            "cuGraphInstantiateWithFlags", "cuGraphExecDestroy",
            "cublasLtCreate", "cublasLtDestroy",
            "cublasLtMatmulDescCreate", "cublasLtMatmulDescDestroy",
            "cublasLtMatrixLayoutCreate", "cublasLtMatrixLayoutDestroy");
    pairs.forEach(
        (made, freed) -> assertEquals(calls.get(made), calls.get(freed), made + " in " + calls));
  }

  @Test
  @Tag("cudasim")
  void oneThingThatDoesNotFreeDoesNotKeepTheRest() {
    Backend backend = CudaBackend.open(Precision.FP32);
    backend.allocate(DType.FLOAT32, 3);
    backend.allocate(DType.FLOAT32, 4);
    CudaSim.setOption("quiet", 1);
    CudaSim.resetCounts();
    Faults.set("cuMemFree_v2", 1);
    assertThrows(CudaException.class, backend::close);
    CudaSim.setOption("quiet", 0);
    // Both buffers, and the workspace of matrix products.
    assertEquals(3, Faults.calls().get("cuMemFree_v2"));
    assertEquals(1, Faults.calls().get("cuDevicePrimaryCtxRelease_v2"));
    CudaSim.clearReport();
  }

  @Test
  void whatIsClosedDoesNotRun() {
    try (Backend backend = CudaBackend.open(Precision.FP32);
        Buffer sum = backend.allocate(DType.FLOAT32, 3)) {
      Buffer twos = twos(backend);
      Add op = add(twos, sum);
      Program launch = backend.compile(List.of(op));
      Program graph = backend.compile(List.of(op, op));
      graph.close();
      assertThrows(IllegalStateException.class, graph::run);
      launch.close();
      assertThrows(IllegalStateException.class, launch::run);
      twos.close();
      assertThrows(IllegalStateException.class, () -> backend.compile(List.of(op)));
      assertEquals(1, backend.open());
    }
  }

  @Test
  void anotherThreadMayTakeOver() {
    try (Backend backend = CudaBackend.open(Precision.FP32);
        Buffer twos = twos(backend);
        Buffer sum = backend.allocate(DType.FLOAT32, 3);
        Program program = backend.compile(List.of(add(twos, sum)))) {
      CompletableFuture.runAsync(program::run).join();
      assertArrayEquals(new float[] {2, 2, 2}, sum.toFloats());
    }
  }

  @Test
  void twoBackendsShareTheDevice() {
    try (Backend one = CudaBackend.open(Precision.FP32);
        Buffer buffer = one.allocate(DType.FLOAT32, 2)) {
      try (Backend two = CudaBackend.open(Precision.TF32);
          Buffer other = two.allocate(DType.FLOAT32, 2)) {
        Copy across = new Copy(new Tensor(buffer, 2), new Tensor(other, 2));
        assertThrows(IllegalArgumentException.class, () -> one.compile(List.of(across)));
        Add ofTheOther =
            new Add(new Tensor(other.slice(0, 1), 1), new Tensor(other.slice(1, 1), 1));
        assertThrows(IllegalArgumentException.class, () -> one.compile(List.of(ofTheOther)));
      }
      buffer.write(new float[] {1, 2});
      assertArrayEquals(new float[] {1, 2}, buffer.toFloats());
    }
  }

  @Test
  void foreignBuffersAreRefused() {
    try (Backend host = new ReferenceBackend();
        Buffer foreign = host.allocate(DType.FLOAT32, 3);
        Backend backend = CudaBackend.open(Precision.FP32);
        Buffer own = backend.allocate(DType.FLOAT32, 3)) {
      Add op = add(own, foreign);
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> backend.compile(List.of(op)));
      assertTrue(String.valueOf(e.getMessage()).contains("a buffer of its own"), e.getMessage());
    }
  }

  @Test
  void onlyDirectMemoryIsCopied() {
    try (Backend backend = CudaBackend.open(Precision.FP32);
        Buffer buffer = backend.allocate(DType.UINT8, 4)) {
      ByteBuffer heap = ByteBuffer.allocate(4);
      assertThrows(IllegalArgumentException.class, () -> buffer.memory().write(0, heap));
      assertThrows(IllegalArgumentException.class, () -> buffer.memory().read(0, heap));
    }
  }

  private static Buffer twos(Backend backend) {
    Buffer twos = backend.allocate(DType.FLOAT32, 3);
    twos.write(new float[] {2, 2, 2});
    return twos;
  }

  private static Add add(Buffer source, Buffer target) {
    return new Add(new Tensor(source, 3), new Tensor(target, 3));
  }
}
