// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.JavaCommand;
import io.github.vae4j.Programs;
import io.github.vae4j.Thrown;
import io.github.vae4j.VaeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OnnxTelemetryTest {
  @TempDir private Path folder = Path.of("");

  /** Opens the network whose file is the argument. */
  static final class Open {
    private Open() {}

    public static void main(String[] arguments) {
      ImageFeatures.onnx(Path.of(arguments[0])).close();
      System.out.println("opened");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.29.0", "1.30.0-SNAPSHOT", "1.29", "2.0.1"})
  void aVersionThatSendsDataIsRefusedUnlessItIsSwitchedOff(String version) {
    for (String off : new String[] {null, "", "0"}) {
      Thrown.says(
          VaeException.class,
          () -> OnnxTelemetry.refuse(version, off),
          version,
          "ORT_DISABLE_TELEMETRY=1",
          "1.28.0");
    }
    OnnxTelemetry.refuse(version, "1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.28.0", "1.3", "0.30.0", "unknown", ""})
  void otherVersionsAreTaken(String version) {
    OnnxTelemetry.refuse(version, null);
  }

  @Test
  void aJarWithoutAVersionIsTaken() {
    OnnxTelemetry.refuse(null, null);
  }

  /** A later version of the dependency must not come without a look at this class. */
  @Test
  void theOnnxRuntimeOfTheBuildCannotSend() throws IOException {
    String version = ai.onnxruntime.OrtEnvironment.class.getPackage().getImplementationVersion();
    assertNotNull(version);
    OnnxTelemetry.refuse(version, null);
    try (InputStream library =
        ai.onnxruntime.OrtEnvironment.class.getResourceAsStream(
            "/ai/onnxruntime/native/linux-x64/libonnxruntime.so")) {
      String bytes = new String(library.readAllBytes(), StandardCharsets.ISO_8859_1);
      assertFalse(bytes.contains("events.data.microsoft.com"));
    }
  }

  /** A class path of many jars makes one. */
  @Test
  void aLongCommandLineDoesNotEndTheJvm() throws IOException, InterruptedException {
    Path network = folder.resolve("network.onnx");
    Files.write(network, Onnx.network("Flatten", -1, 3, 2, 2));
    String said =
        new Programs(folder)
            .run(
                Map.of(),
                JavaCommand.of(
                    List.of("-Dlong=" + "a".repeat(100_000)),
                    Open.class,
                    List.of(network.toString())));
    // Since Java 24 its own warning comes before.
    assertTrue(said.endsWith("opened\n"), said);
  }
}
