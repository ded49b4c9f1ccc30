// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import java.util.Locale;

/**
 * The GPU in use.
 *
 * @param ordinal its number; CUDA_VISIBLE_DEVICES determines device 0
 * @param name the vendor's name
 * @param major compute capability, before the point
 * @param minor compute capability, after the point
 * @param bytes its memory
 * @param driverVersion the CUDA version that the driver supports: 1000 major + 10 minor
 */
public record Device(
    int ordinal, String name, int major, int minor, long bytes, int driverVersion) {
  /**
   * Whether the tensor cores support TensorFloat-32 and bfloat16.
   *
   * @return true from compute capability 8.0
   */
  public boolean isAmpereOrLater() {
    return major >= 8;
  }

  /** Whether a kernel can begin before the preceding one has ended. */
  boolean isHopperOrLater() {
    return major >= 9;
  }

  /**
   * The workspace that cuBLAS recommends: 32 MiB from compute capability 9.0, else 4 MiB.
   *
   * @return bytes
   */
  public long workspaceBytes() {
    return major >= 9 ? 32L << 20 : 4L << 20;
  }

  /** NVRTC's name of the architecture. */
  String architecture() {
    return "sm_" + major + minor;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s (compute capability %d.%d, %.1f GiB), driver for CUDA %s",
        name,
        major,
        minor,
        bytes / (double) (1L << 30),
        version(driverVersion));
  }

  /** The text of a CUDA version: 13.1 for 13010. */
  static String version(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }
}
