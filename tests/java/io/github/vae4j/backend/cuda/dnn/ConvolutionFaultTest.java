// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.dnn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.VaeException;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendUnavailableException;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.cuda.CudaBackend;
import io.github.vae4j.backend.cuda.EmulatedDevice;
import io.github.vae4j.backend.cuda.driver.CudaException;
import io.github.vae4j.cudasim.CudaSim;
import io.github.vae4j.cudasim.Faults;
import io.github.vae4j.tensor.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * cuDNN is of another version, refuses algorithms, or fails: each call once, after which nothing
 * leaks and the next run works.
 */
@Tag("cuda")
@Tag("cudasim")
@ExtendWith(EmulatedDevice.class)
final class ConvolutionFaultTest {
  private static float[] run(Precision precision) {
    try (Backend backend = CudaBackend.open(precision);
        Arena arena = new Arena()) {
      return new ConvNet(backend, arena).run();
    }
  }

  private static String message(Class<? extends Throwable> type) {
    return String.valueOf(assertThrows(type, () -> run(Precision.FP32)).getMessage());
  }

  @TestFactory
  Stream<DynamicTest> eachCallFails() {
    CudaSim.resetCounts();
    float[] expected = run(Precision.FP32);
    long calls = Faults.calls().keySet().stream().filter(call -> call.startsWith("cudnn")).count();
    assertTrue(calls >= 18, calls + " functions of cuDNN");
    return Faults.tests((call, number) -> failsAt(call, number, expected))
        .filter(test -> test.getDisplayName().startsWith("cudnn"));
  }

  private static void failsAt(String call, int number, float[] expected) {
    int before = Faults.alive();
    CudaSim.setOption("quiet", 1);
    Faults.set(call, number);
    try {
      float[] survived = run(Precision.FP32);
      assertTrue(Faults.mayBeSurvived(call), call);
      // By another algorithm, with other bits.
      assertArrayEquals(expected, survived, 1e-5f);
    } catch (VaeException e) {
      assertTrue(String.valueOf(e.getMessage()).contains(call), e.getMessage());
    }
    CudaSim.setFaults("");
    if (Faults.frees(call)) {
      CudaSim.clearReport();
    }
    assertEquals("", CudaSim.report());
    assertEquals(before, Faults.alive(), "allocations that are left");
    assertArrayEquals(expected, run(Precision.FP32), "the run after the failed one");
  }

  @Test
  void anotherVersionIsNamedWithItsFileAndTheRemedy() {
    CudaSim.setSwitches("dnn.version=8.9.7");
    String said = message(BackendUnavailableException.class);
    assertTrue(said.contains("cuDNN 8.9.7 (" + CudaSim.DEFAULT_FOLDER), said);
    assertTrue(said.contains("expected version 9"), said);
    assertTrue(said.contains("install cuDNN 9 for CUDA 13"), said);
    try (Backend backend = CudaBackend.open(Precision.FP32);
        Arena arena = new Arena()) {
      assertTrue(backend.diagnosis().contains("no convolutions: cuDNN 8.9.7"));
      new ConvNet(backend, arena).dense();
    }
  }

  @Test
  void whereAnAlgorithmIsRefusedTheNextOneSums() {
    float[] expected = run(Precision.FP32);
    CudaSim.setSwitches("dnn.refuse=algo0");
    assertArrayEquals(expected, run(Precision.FP32));
    CudaSim.setSwitches("dnn.refuse=algo1");
    // Gradients have one deterministic algorithm.
    String said = message(CudaException.class);
    assertTrue(
        said.startsWith(
            "cudnnGetConvolutionBackwardDataWorkspaceSize failed: CUDNN_STATUS_NOT_SUPPORTED"
                + " (3000): "),
        said);
    assertTrue(said.contains("conv data_gradient n=2 6x6x3 -> 3x3x5 kernel 4x4 stride 2x2"), said);
    assertTrue(said.contains("use BackendOptions.kind cpu"), said);
  }

  @Test
  void withoutTensorCoresTheProductIsExact() {
    float[] exact = run(Precision.FP32);
    float[] rounded = run(Precision.TF32);
    assertArrayEquals(exact, rounded, 0.02f);
    assertTrue(!Arrays.equals(exact, rounded), "TF32 rounds the factors");
    assertArrayEquals(rounded, run(Precision.BF16));
    CudaSim.setSwitches("dnn.refuse=tensorop");
    assertArrayEquals(exact, run(Precision.TF32));
  }

  @Test
  void eachOpRunsAloneAndInAGraph() {
    float[] together = run(Precision.FP32);
    try (Backend backend = CudaBackend.open(Precision.FP32);
        Arena arena = new Arena()) {
      ConvNet net = new ConvNet(backend, arena);
      net.ops().forEach(op -> arena.own(backend.compile(List.of(op))).run());
      assertArrayEquals(together, new ConvNet(backend, arena).run());
    }
  }

  @Test
  void outOfMemoryNamesTheRequest() {
    CudaSim.setFaults("cuMemAlloc_v2:*=2");
    try {
      assertTrue(message(VaeException.class).contains("cuMemAlloc"));
    } finally {
      CudaSim.setFaults("");
      CudaSim.clearReport();
    }
  }
}
