// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cudasim;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Control of the emulated device in this process: faults, settings, counters, report.
 *
 * <p>The bindings must use the same {@code libcuda.so.1}: start the JVM with its folder in {@code
 * LD_LIBRARY_PATH}, or call {@link #load} before any use of CUDA.
 */
public final class CudaSim {
  /** Where the build leaves the libraries. */
  public static final Path DEFAULT_FOLDER = Path.of("target", "cudasim").toAbsolutePath();

  private CudaSim() {}

  /** Builds the files that are out of date. */
  static void build(Path folder) throws IOException, InterruptedException {
    run("bash", "tests/cudasim/build.sh", folder.toString());
  }

  /** Runs a command and returns its output; its exit code must be 0. */
  static String run(String... command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("cudasim", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      int status = process.waitFor();
      String text = Files.readString(output, StandardCharsets.UTF_8);
      if (status != 0) {
        throw new IllegalStateException(
            String.join(" ", command) + " ended with " + status + ":\n" + text);
      }
      return text;
    } finally {
      Files.delete(output);
    }
  }

  /** Loads the libraries of the folder; those already loaded stay. */
  public static void load(Path folder) {
    for (String library :
        new String[] {
          "libcuda.so.1",
          "libcudart.so.13",
          "libcublasLt.so.13",
          "libcublas.so.13",
          "libcudnn_graph.so.9",
          "libcudnn_ops.so.9",
          "libcudnn_adv.so.9",
          "libcudnn_cnn.so.9",
          "libcudasimjni.so"
        }) {
      System.load(folder.resolve(library).toAbsolutePath().toString());
    }
  }

  /**
   * Makes calls fail from here on: "cuMemAlloc:3=2,launch:5=719" is call 3 of cuMemAlloc returning
   * 2, and the fifth kernel or matrix product failing with 719. Empty for no faults.
   */
  public static void setFaults(String faults) {
    if (setFaults0(faults) != 0) {
      throw new IllegalArgumentException("faults: " + faults + "\n" + report());
    }
  }

  /**
   * Sets memory (bytes), driver, capability, devices, judge, eager, order, quiet, oplimit; {@code
   * interleave}, the seed by which blocks and warps take turns (0: one block after the other); or
   * {@code shadow}, how many bytes of global memory a launch may touch for the order of its
   * accesses to be judged (0: not judged).
   */
  public static void setOption(String name, long value) {
    if (setOption0(name, value) != 0) {
      throw new IllegalArgumentException("no such option: " + name);
    }
  }

  /**
   * Chooses among the behaviours that real devices may show: "lt.refuse=launch15,copy.late=on".
   * {@code tests/cudasim/README.md} lists the switches.
   *
   * @param switches name=value, with commas between; those not named stay, empty for all as by
   *     default
   */
  public static void setSwitches(String switches) {
    if (setSwitches0(switches) != 0) {
      throw new IllegalArgumentException("switches: " + switches + "\n" + report());
    }
  }

  /**
   * Continues like a new process. The CUDA runtime in cuBLASLt keeps the primary context until its
   * process ends: its remaining objects and a sticky error exist until then.
   */
  public static void newProcess() {
    newProcess0();
  }

  /** Sets all counters to 0. */
  public static void resetCounts() {
    resetCounts0();
  }

  /** Whether instructions and memory traffic of kernels are counted, too; slower. */
  public static void profileKernels(boolean on) {
    profileKernels0(on);
  }

  /** The counters: calls, launches, graphLaunches, memory, kernels. */
  public static JsonNode profile() {
    try {
      return JsonMapper.builder().build().readTree(profileJson0());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The faults that the device has reported since {@link #clearReport}; empty if there are none.
   */
  public static String report() {
    return report0();
  }

  /** Clears the report. */
  public static void clearReport() {
    clearReport0();
  }

  private static native int setFaults0(String faults);

  private static native int setOption0(String name, long value);

  private static native int setSwitches0(String switches);

  private static native void newProcess0();

  private static native void resetCounts0();

  private static native void profileKernels0(boolean on);

  private static native String profileJson0();

  private static native String report0();

  private static native void clearReport0();
}
