// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vae4j.VaeException;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.cuda.CudaBackend;
import io.github.vae4j.backend.cuda.EmulatedDevice;
import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.CopyColumns;
import io.github.vae4j.cudasim.CudaSim;
import io.github.vae4j.cudasim.Faults;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every native call fails once: a typed error names the call, nothing leaks, and the next run
 * works.
 */
@Tag("cuda")
@Tag("cudasim")
@ExtendWith(EmulatedDevice.class)
final class FaultTest {
  private static final int LAUNCH_FAILED = 719;

  @BeforeEach
  void quiet() {
    CudaSim.setOption("quiet", 1);
  }

  @Test
  void withoutFaultsItWorks() {
    assertEquals(Scenario.NORM, Scenario.run(), 1e-6);
  }

  @TestFactory
  Stream<DynamicTest> eachCallFails() {
    CudaSim.resetCounts();
    Scenario.run();
    return Faults.tests((call, number) -> failsAt(call, number));
  }

  private static void failsAt(String call, int number) {
    int before = Faults.alive();
    Faults.set(call, number);
    if (Faults.mayBeSurvived(call)) {
      survivesOrFailsAt(call, before);
      return;
    }
    VaeException e = assertThrows(VaeException.class, Scenario::run);
    if (!Faults.endAtFree(call, e)) {
      assertEquals("", CudaSim.report());
      assertEquals(before, Faults.alive(), "allocations that are left");
    }
    assertEquals(Scenario.NORM, Scenario.run(), 1e-6, "the run after the failed one");
  }

  /**
   * A refusal while a product is planned leads to another plan; a refusal in a step is an error.
   */
  private static void survivesOrFailsAt(String call, int before) {
    try {
      assertEquals(Scenario.NORM, Scenario.run(), 1e-6);
    } catch (VaeException e) {
      assertTrue(String.valueOf(e.getMessage()).contains(call), e.getMessage());
    }
    CudaSim.setFaults("");
    assertEquals("", CudaSim.report());
    assertEquals(before, Faults.alive(), "allocations that are left");
    assertEquals(Scenario.NORM, Scenario.run(), 1e-6, "the run after the failed one");
  }

  /** Without a graph, the error names the launch that failed. */
  @Test
  void syncPinsAnErrorOfAProgramToItsLaunch() {
    CudaSim.setFaults("launch:2=" + LAUNCH_FAILED);
    System.setProperty("vae4j.cuda.sync", "true");
    try (Backend backend = CudaBackend.open(Precision.FP32);
        Arena arena = new Arena()) {
      Tensor a = backend.tensor(arena, 10, 10);
      Tensor b = backend.tensor(arena, 10, 10);
      Program program =
          arena.own(
              backend.compile(
                  List.of(new Add(a, b), new CopyColumns(a, b, 0, 0, 10), new Add(a, b))));
      String message =
          String.valueOf(assertThrows(CudaFatalException.class, program::run).getMessage());
      assertTrue(message.contains("last launch: copy_columns"), message);
    } finally {
      System.clearProperty("vae4j.cuda.sync");
    }
    CudaSim.clearReport();
  }

  @Test
  void aFailedLaunchIsFatalAndClosesQuietly() {
    int before = Faults.alive();
    CudaSim.setFaults("launch:4=" + LAUNCH_FAILED);
    try (Backend backend = CudaBackend.open(Precision.FP32);
        Arena arena = new Arena()) {
      Tensor target = backend.tensor(arena, 100);
      Add op = new Add(backend.tensor(arena, 100), target);
      Program add = arena.own(backend.compile(List.of(op)));
      for (int i = 0; i < 4; i++) {
        add.run();
      }
      CudaFatalException e = assertThrows(CudaFatalException.class, backend::synchronize);
      assertEquals(LAUNCH_FAILED, e.code());
      assertEquals("cuStreamSynchronize", e.call());
      assertEquals("CUDA_ERROR_LAUNCH_FAILED", e.codeName());
      String message = String.valueOf(e.getMessage());
      assertTrue(message.contains("last launch: add "), message);
      assertTrue(message.contains("vae4j.cuda.sync"), message);
      int calls = driverCalls();
      assertThrows(CudaFatalException.class, add::run);
      assertThrows(CudaFatalException.class, target::toFloats);
      assertThrows(CudaFatalException.class, () -> backend.allocate(DType.FLOAT32, 1));
      assertThrows(CudaFatalException.class, () -> backend.compile(List.of(op)));
      assertEquals(calls, driverCalls(), "a corrupt context is not called again");
    }
    CudaSim.setFaults("");
    // cuBLASLt's runtime keeps the context, and with it the error, until the process ends.
    String refused = String.valueOf(assertThrows(VaeException.class, Scenario::run).getMessage());
    assertTrue(refused.contains("start a new process"), refused);
    CudaSim.newProcess();
    assertEquals(before, Faults.alive());
    CudaSim.clearReport();
    assertEquals(Scenario.NORM, Scenario.run(), 1e-6);
  }

  @Test
  void withSyncAnErrorIsThatOfItsLaunch() {
    System.setProperty(CudaContext.SYNC_PROPERTY, "true");
    try (Backend backend = CudaBackend.open(Precision.FP32)) {
      System.clearProperty(CudaContext.SYNC_PROPERTY);
      try (Arena arena = new Arena()) {
        Add op = new Add(backend.tensor(arena, 100), backend.tensor(arena, 100));
        Program add = arena.own(backend.compile(List.of(op)));
        add.run();
        CudaSim.setFaults("launch:1=" + LAUNCH_FAILED);
        assertThrows(CudaFatalException.class, add::run);
      }
    } finally {
      System.clearProperty(CudaContext.SYNC_PROPERTY);
    }
    CudaSim.clearReport();
  }

  @Test
  void outOfMemorySaysWhatWasAskedWhatIsFreeAndWhatToLower() {
    CudaSim.setOption("memory", 64L << 20);
    try (Backend backend = CudaBackend.open(Precision.FP32)) {
      CudaException e =
          assertThrows(CudaException.class, () -> backend.allocate(DType.FLOAT32, 32L << 20));
      String message = String.valueOf(e.getMessage());
      assertTrue(message.contains("asked for 134,217,728 bytes"), message);
      assertTrue(message.contains("of 67,108,864 bytes are free"), message);
      assertTrue(message.contains("lower the batch size"), message);
      backend.allocate(DType.FLOAT32, 1 << 20).close();
    } finally {
      CudaSim.setOption("memory", 8L << 30);
    }
  }

  private static int driverCalls() {
    int sum = 0;
    for (JsonNode count : CudaSim.profile().get("calls")) {
      sum += count.asInt();
    }
    return sum;
  }
}
