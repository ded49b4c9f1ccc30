// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import io.github.vae4j.VaeException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses an ONNX Runtime that sends data. Since 1.29 its builds for Linux and macOS send the names
 * of the process, the models and the machine's parts to Microsoft, from the creation of the
 * environment on; {@code setTelemetry(false)} is too late for the first message. The same code
 * matches the command line with a recursive regular expression: one of more than about 4,000
 * characters overflows the stack of a Java thread, which ends the JVM without a message
 * (github.com/vespa-engine/vespa/pull/37786). The variable prevents both.
 */
final class OnnxTelemetry {
  static final String SWITCH = "ORT_DISABLE_TELEMETRY";
  private static final Pattern VERSION = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})\\b.*");

  private OnnxTelemetry() {}

  /**
   * Checks a version.
   *
   * @param version of ONNX Runtime, as its jar says; null if it does not say
   * @param off the value of {@link #SWITCH} in the environment, or null
   * @throws VaeException if this version would send data
   */
  static void refuse(@Nullable String version, @Nullable String off) {
    if (version == null || "1".equals(off)) {
      return;
    }
    Matcher parts = VERSION.matcher(version);
    if (!parts.matches()) {
      return;
    }
    int major = Integer.parseInt(parts.group(1));
    if (major > 1 || (major == 1 && Integer.parseInt(parts.group(2)) >= 29)) {
      throw new VaeException(
          "ONNX Runtime "
              + version
              + " sends data to Microsoft, and ends the JVM where the command line is long: set "
              + SWITCH
              + "=1 in the environment before Java starts, or use ONNX Runtime 1.28.0");
    }
  }
}
