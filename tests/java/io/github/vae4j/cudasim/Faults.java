// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cudasim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vae4j.VaeException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bytedeco.cuda.global.cudart;
import org.junit.jupiter.api.DynamicTest;

/** The calls that can fail on request, their error codes, and their names in messages. */
public final class Faults {
  /** A code of the driver that is not sticky, and that no caller handles. */
  private static final int NOT_PERMITTED = 800;

  /** The same for cuBLASLt. */
  private static final int INTERNAL_ERROR = 14;

  /** The same for cuDNN. */
  private static final int DNN_INTERNAL_ERROR = 4000;

  /** Calls that only describe an error or the library: their failure is not raised. */
  private static final Set<String> DESCRIBE =
      Set.of("cuGetErrorName", "cuGetErrorString", "cublasLtGetVersion", "cuGetExportTable");

  /** Calls by which a plan is tried: after a failure another plan may be made. */
  private static final Set<String> SURVIVED =
      Set.of(
          "cublasLtMatmul",
          "cublasLtMatmulAlgoGetHeuristic",
          "cudnnConvolutionForward",
          "cudnnGetConvolutionForwardWorkspaceSize");

  private static final Pattern FREES = Pattern.compile("Free|Destroy|Unload|Release");
  private static final Pattern SUFFIX = Pattern.compile("_v\\d$|WithFlags$");

  private Faults() {}

  /** The number of each call since the counts were reset. */
  public static Map<String, Integer> calls() {
    Map<String, Integer> calls = new TreeMap<>();
    CudaSim.profile()
        .get("calls")
        .properties()
        .forEach(entry -> calls.put(entry.getKey(), entry.getValue().asInt()));
    calls.keySet().removeAll(DESCRIBE);
    return calls;
  }

  /** The numbers of the first, the middle and the last of {@code count} calls. */
  public static SortedSet<Integer> numbers(int count) {
    return new TreeSet<>(List.of(1, (count + 1) / 2, count));
  }

  /** The test of a fault. */
  @FunctionalInterface
  public interface Fault {
    /** Tests the failure of one call, by its name and its number. */
    void test(String call, int number) throws IOException;
  }

  /** A test for each call since the counts were reset, at its first, middle and last number. */
  public static Stream<DynamicTest> tests(Fault fault) {
    return calls().entrySet().stream()
        .flatMap(
            call ->
                numbers(call.getValue()).stream()
                    .map(
                        number ->
                            DynamicTest.dynamicTest(
                                call.getKey() + " number " + number,
                                () -> fault.test(call.getKey(), number))));
  }

  /**
   * Ends a fault that was raised. The exception must name the call.
   *
   * @return whether the call frees a resource, whose report is then cleared
   */
  public static boolean endAtFree(String call, VaeException raised) {
    CudaSim.setFaults("");
    String message = String.valueOf(raised.getMessage());
    assertTrue(message.contains(documented(call)), () -> call + " is not named in: " + message);
    repair(call);
    if (frees(call)) {
      CudaSim.clearReport();
    }
    return frees(call);
  }

  /** Makes a call fail once. */
  public static void set(String call, int number) {
    int code =
        call.startsWith("cublas")
            ? INTERNAL_ERROR
            : call.startsWith("cudnn") ? DNN_INTERNAL_ERROR : NOT_PERMITTED;
    CudaSim.setFaults(call + ":" + number + "=" + code);
  }

  /** Whether a call frees a resource, which may be left after a failure. */
  public static boolean frees(String call) {
    return FREES.matcher(call).find();
  }

  /** Whether planning may survive a failure of the call, by another plan. */
  public static boolean mayBeSurvived(String call) {
    return SURVIVED.contains(call);
  }

  /** Ends the context that a failed release kept alive. */
  public static void repair(String call) {
    if (call.startsWith("cuDevicePrimaryCtxRelease")) {
      cudart.cuDevicePrimaryCtxRelease(0);
    }
  }

  /** The documented name of an exported one: cuMemAlloc of cuMemAlloc_v2. */
  public static String documented(String call) {
    return SUFFIX.matcher(call).replaceAll("");
  }

  /** Device and pinned allocations that are alive. */
  public static int alive() {
    JsonNode memory = CudaSim.profile().get("memory");
    return memory.get("liveAllocations").asInt() + memory.get("pinnedAllocations").asInt();
  }
}
