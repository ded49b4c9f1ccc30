package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Inlet;
import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.Replay;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.Fill;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.cudasim.CudaSim;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who owns what, in which order it may be closed, and what is refused. */
@Tag("cuda")
@ExtendWith(EmulatedDevice.class)
final class LifecycleTest {
  @Test
  void everythingIsCountedAndFreed() {
    try (Backend backend = CudaBackend.open(Precision.FP32)) {
      assertEquals(0, backend.open());
      try (Buffer buffer = backend.allocate(DType.FLOAT32, 3);
          PreparedOp fill = backend.fill(new Fill(buffer, 2));
          Replay replay = backend.record(List.of(fill))) {
        replay.run();
        assertEquals(3, backend.open());
        assertArrayEquals(new float[] {2, 2, 2}, buffer.toFloats());
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
    PreparedOp fill = backend.fill(new Fill(x, 2));
    PreparedOp dense =
        backend.dense(new Dense(x, weight, bias, null, y, 3, 5, 4, Activation.IDENTITY));
    Replay replay = backend.record(List.of(fill, dense));
    Inlet inlet = backend.inlet(DType.UINT8, 8);
    replay.run();
    assertEquals(9, backend.open());
    backend.close();
    assertEquals(0, backend.open());
    if (EmulatedDevice.used()) {
      assertAllFreed(Faults.calls());
    }
    assertThrows(IllegalStateException.class, fill::run);
    assertThrows(IllegalStateException.class, replay::run);
    assertThrows(IllegalStateException.class, x::toFloats);
    assertThrows(IllegalStateException.class, () -> x.write(new float[1]));
    assertThrows(IllegalStateException.class, () -> inlet.write(ByteBuffer.allocateDirect(1)));
    assertThrows(IllegalStateException.class, () -> backend.allocate(DType.FLOAT32, 1));
    replay.close();
    dense.close();
    fill.close();
    inlet.close();
    x.close();
    backend.close();
    if (EmulatedDevice.used()) {
      assertAllFreed(Faults.calls());
    }
  }

  /** The primary context may go on, as cuBLASLt keeps it, so that each thing made is destroyed. */
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
    // Both, and the workspace of matrix products.
    assertEquals(3, Faults.calls().get("cuMemFree_v2"));
    assertEquals(1, Faults.calls().get("cuDevicePrimaryCtxRelease_v2"));
    CudaSim.clearReport();
  }

  @Test
  void whatIsClosedDoesNotRun() {
    try (Backend backend = CudaBackend.open(Precision.FP32);
        Buffer buffer = backend.allocate(DType.FLOAT32, 3)) {
      PreparedOp fill = backend.fill(new Fill(buffer, 2));
      Replay replay = backend.record(List.of(fill));
      replay.close();
      assertThrows(IllegalStateException.class, replay::run);
      fill.close();
      assertThrows(IllegalStateException.class, fill::run);
      assertThrows(IllegalStateException.class, () -> backend.record(List.of(fill)));
      // The stream did not stay in capture.
      try (PreparedOp again = backend.fill(new Fill(buffer, 5))) {
        again.run();
        assertArrayEquals(new float[] {5, 5, 5}, buffer.toFloats());
      }
    }
  }

  @Test
  void anotherThreadMayTakeOver() {
    try (Backend backend = CudaBackend.open(Precision.FP32);
        Buffer buffer = backend.allocate(DType.FLOAT32, 3);
        PreparedOp fill = backend.fill(new Fill(buffer, 2))) {
      CompletableFuture.runAsync(fill::run).join();
      assertArrayEquals(new float[] {2, 2, 2}, buffer.toFloats());
    }
  }

  @Test
  void twoBackendsShareTheDevice() {
    try (Backend one = CudaBackend.open(Precision.FP32);
        Buffer buffer = one.allocate(DType.FLOAT32, 2)) {
      try (Backend two = CudaBackend.open(Precision.TF32);
          Buffer other = two.allocate(DType.FLOAT32, 2)) {
        assertThrows(IllegalArgumentException.class, () -> one.copy(new Copy(buffer, other)));
        try (PreparedOp fill = two.fill(new Fill(other, 1))) {
          assertThrows(IllegalArgumentException.class, () -> one.record(List.of(fill)));
        }
      }
      buffer.write(new float[] {1, 2});
      assertArrayEquals(new float[] {1, 2}, buffer.toFloats());
    }
  }

  @Test
  void foreignBuffersAreRefused() {
    try (Backend host = new ReferenceBackend();
        Buffer foreign = host.allocate(DType.FLOAT32, 4);
        Backend backend = CudaBackend.open(Precision.FP32)) {
      Ops ops = new Ops(backend);
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> ops.fill(new Fill(foreign, 1)));
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
}
