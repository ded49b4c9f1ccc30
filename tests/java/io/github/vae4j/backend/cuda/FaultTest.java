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
import io.github.vae4j.backend.op.Fill;
import io.github.vae4j.cudasim.CudaSim;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bytedeco.cuda.global.cudart;
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
  /** sqrt(I O) times the sum over B of 1 * 0.5. */
  private static final double NORM = Math.sqrt(5 * 4) * 3 * 0.5;

  private static final int NOT_PERMITTED = 800;
  private static final int INTERNAL_ERROR = 14;
  private static final int LAUNCH_FAILED = 719;

  /**
   * Calls that only describe an error or the library: what they return is not an error to raise.
   */
  private static final Set<String> DESCRIBE =
      Set.of("cuGetErrorName", "cuGetErrorString", "cublasLtGetVersion", "cuGetExportTable");

  private static final Pattern FREES = Pattern.compile("Free|Destroy|Unload|Release");

  @BeforeEach
  void quiet() {
    CudaSim.setOption("quiet", 1);
  }

  @AfterEach
  void loud() {
    CudaSim.setFaults("");
    CudaSim.setOption("quiet", 0);
  }

  /** Device and pinned allocations that are alive. */
  private static int alive() {
    JsonNode memory = CudaSim.profile().get("memory");
    return memory.get("liveAllocations").asInt() + memory.get("pinnedAllocations").asInt();
  }

  @Test
  void withoutFaultsItWorks() {
    assertEquals(NORM, Scenario.run(), 1e-6);
  }

  @TestFactory
  Stream<DynamicTest> eachCallFails() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Map.Entry<String, Integer> call : calls().entrySet()) {
      int last = call.getValue();
      for (int number : new TreeSet<>(List.of(1, (last + 1) / 2, last))) {
        String name = call.getKey();
        tests.add(DynamicTest.dynamicTest(name + " number " + number, () -> failsAt(name, number)));
      }
    }
    return tests.stream();
  }

  private static void failsAt(String call, int number) {
    int code = call.startsWith("cublas") ? INTERNAL_ERROR : NOT_PERMITTED;
    int before = alive();
    CudaSim.setFaults(call + ":" + number + "=" + code);
    VaeException e = assertThrows(VaeException.class, Scenario::run);
    CudaSim.setFaults("");
    String message = String.valueOf(e.getMessage());
    String documented = call.replaceAll("_v\\d$|WithFlags$", "");
    assertTrue(message.contains(documented), () -> documented + " is not named in: " + message);
    if (FREES.matcher(call).find()) {
      // What could not be freed is all that may be left.
      CudaSim.clearReport();
    } else {
      assertEquals("", CudaSim.report());
      assertEquals(before, alive(), "allocations that are left");
    }
    if (call.startsWith("cuDevicePrimaryCtxRelease")) {
      cudart.cuDevicePrimaryCtxRelease(0);
    }
    assertEquals(NORM, Scenario.run(), 1e-6, "the run after the failed one");
  }

  @Test
  void aFailedLaunchIsFatalAndClosesQuietly() {
    int before = alive();
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
    assertEquals(before, alive());
    CudaSim.clearReport();
    CudaSim.setFaults("");
    assertEquals(NORM, Scenario.run(), 1e-6);
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

  /** The calls of the scenario and how often each is made. */
  private static Map<String, Integer> calls() {
    CudaSim.resetCounts();
    Scenario.run();
    Map<String, Integer> calls = new TreeMap<>();
    CudaSim.profile()
        .get("calls")
        .properties()
        .forEach(entry -> calls.put(entry.getKey(), entry.getValue().asInt()));
    calls.keySet().removeAll(DESCRIBE);
    return calls;
  }

  private static int driverCalls() {
    int sum = 0;
    for (JsonNode count : CudaSim.profile().get("calls")) {
      sum += count.asInt();
    }
    return sum;
  }
}
