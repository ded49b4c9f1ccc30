// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.checkpoint.RunFile;
import io.github.vae4j.checkpoint.VaeJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Complete specifications to start a run from: those in the jar, by name, and the {@code vae.json}
 * of any run, by its path.
 */
final class Configurations {
  /** Burda et al. 2016, one stochastic layer: 784-200-200-50, and their schedule. */
  private static final String BURDA = "burda";

  private Configurations() {}

  /** Reads {@code burda} or the path of a {@code vae.json}. */
  static RunFile parse(String text) {
    if (text.equals(BURDA)) {
      return bundled(text + ".json");
    }
    Path file = Path.of(text);
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "expected " + BURDA + " or the vae.json of a run, given \"" + text + "\": no such file");
    }
    return VaeJson.read(file);
  }

  private static RunFile bundled(String name) {
    try (InputStream stream = Configurations.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("not in the jar: " + name);
      }
      String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      return VaeJson.parse(Path.of(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
