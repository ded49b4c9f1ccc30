package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vae4j.VaeException;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.Replay;
import io.github.vae4j.backend.op.Fill;
import io.github.vae4j.cudasim.CudaSim;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every native call fails once: a typed error that names it, nothing leaks, and the next run works.
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

  @AfterEach
  void loud() {
    CudaSim.setFaults("");
    CudaSim.setOption("quiet", 0);
  }

  @Test
  void withoutFaultsItWorks() {
    assertEquals(Scenario.NORM, Scenario.run(), 1e-6);
  }

  @TestFactory
  Stream<DynamicTest> eachCallFails() {
    CudaSim.resetCounts();
    Scenario.run();
    List<DynamicTest> tests = new ArrayList<>();
    for (Map.Entry<String, Integer> call : Faults.calls().entrySet()) {
      for (int number : Faults.numbers(call.getValue())) {
        String name = call.getKey() + " number " + number;
        tests.add(DynamicTest.dynamicTest(name, () -> failsAt(call.getKey(), number)));
      }
    }
    return tests.stream();
  }

  private static void failsAt(String call, int number) {
    int before = Faults.alive();
    Faults.set(call, number);
    if (Faults.mayBeSurvived(call)) {
      survivesOrFailsAt(call, before);
      return;
    }
    VaeException e = assertThrows(VaeException.class, Scenario::run);
    CudaSim.setFaults("");
    String message = String.valueOf(e.getMessage());
    assertTrue(
        message.contains(Faults.documented(call)), () -> call + " is not named in: " + message);
    Faults.repair(call);
    if (Faults.frees(call)) {
      CudaSim.clearReport();
    } else {
      assertEquals("", CudaSim.report());
      assertEquals(before, Faults.alive(), "allocations that are left");
    }
    assertEquals(Scenario.NORM, Scenario.run(), 1e-6, "the run after the failed one");
  }

  /** A product that cuBLASLt refuses is planned in another way; one in a step is an error. */
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

  /** Without a graph around it, the launch that failed is the one that is named. */
  @Test
  void syncPinsAnErrorOfARecordedStepToItsLaunch() {
    CudaSim.setFaults("launch:2=" + LAUNCH_FAILED);
    System.setProperty("vae4j.cuda.sync", "true");
    try (Backend backend = CudaBackend.open(Precision.FP32)) {
      Ops ops = new Ops(backend);
      try (Buffer buffer = ops.allocate(DType.FLOAT32, 100);
          Buffer wide = ops.allocate(DType.FLOAT64, 100);
          PreparedOp first = ops.fill(new Fill(buffer, 1));
          PreparedOp second = ops.fill(new Fill(wide, 1));
          PreparedOp third = ops.fill(new Fill(buffer, 2));
          Replay replay = ops.record(List.of(first, second, third))) {
        String message =
            String.valueOf(assertThrows(CudaFatalException.class, replay::run).getMessage());
        assertTrue(message.contains("last launch: fill_float64"), message);
      }
    } finally {
      System.clearProperty("vae4j.cuda.sync");
    }
    CudaSim.clearReport();
  }

  @Test
  void aFailedLaunchIsFatalAndClosesQuietly() {
    int before = Faults.alive();
    CudaSim.setFaults("launch:4=" + LAUNCH_FAILED);
    try (Backend backend = CudaBackend.open(Precision.FP32)) {
      Ops ops = new Ops(backend);
      try (Buffer buffer = ops.allocate(DType.FLOAT32, 100);
          PreparedOp fill = ops.fill(new Fill(buffer, 1))) {
        for (int i = 0; i < 4; i++) {
          fill.run();
        }
        CudaFatalException e = assertThrows(CudaFatalException.class, ops::synchronize);
        assertEquals(LAUNCH_FAILED, e.code());
        assertEquals("cuStreamSynchronize", e.call());
        assertEquals("CUDA_ERROR_LAUNCH_FAILED", e.codeName());
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains("last launch: fill_float32"), message);
        assertTrue(message.contains("vae4j.cuda.sync"), message);
        int calls = driverCalls();
        assertThrows(CudaFatalException.class, fill::run);
        assertThrows(CudaFatalException.class, buffer::toFloats);
        assertThrows(CudaFatalException.class, () -> ops.allocate(DType.FLOAT32, 1));
        assertEquals(calls, driverCalls(), "a corrupt context is not called again");
      }
    }
    CudaSim.setFaults("");
    // cuBLASLt's runtime keeps the context, and so the error, until the process ends.
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
      Ops ops = new Ops(backend);
      try (Buffer buffer = ops.allocate(DType.FLOAT32, 100);
          PreparedOp fill = ops.fill(new Fill(buffer, 1))) {
        fill.run();
        CudaSim.setFaults("launch:1=" + LAUNCH_FAILED);
        assertThrows(CudaFatalException.class, fill::run);
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
