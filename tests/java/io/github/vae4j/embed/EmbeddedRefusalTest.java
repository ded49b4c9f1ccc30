// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.model.VaeSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The C API names the fault of a path that is no model; the fuzzer has the files of chance. */
final class EmbeddedRefusalTest {
  @TempDir Path folder;

  private ModelProgram program;
  private Path file;
  private byte[] bytes;

  @BeforeEach
  void save() throws Exception {
    program = ModelProgram.compile(folder);
    file = Files.createDirectory(folder.resolve("run")).resolve("model.safetensors");
    VaeSpec spec = VaeSpec.builder(6).hidden(7).latent(3).build();
    try (Vae vae = Vae.create(spec, new BackendOptions(Kind.CPU, 1, Precision.FP32), 1)) {
      vae.save(file);
    }
    bytes = Files.readAllBytes(file);
  }

  private void refused(Path path, String message) throws Exception {
    assertEquals("open: " + message + "\nrefused\n", program.refusal(path));
  }

  @Test
  void pathsWithoutAModel() throws Exception {
    refused(Path.of(""), "model_open: path: expected a folder or a file, given an empty text");
    refused(folder, folder + ": there is no model.safetensors in this folder");
    Path missing = folder.resolve("missing");
    refused(missing, missing + ": No such file or directory");
  }

  @Test
  void cutOffData() throws Exception {
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 4));
    String said = program.refusal(folder.resolve("run"));
    assertTrue(said.startsWith("open: " + file + ": the file is cut off: tensor \""), said);
  }

  @Test
  void aCheckpoint() throws Exception {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    String other = text.replaceFirst("\"F32\"", "\"F64\"");
    Files.write(file, other.getBytes(StandardCharsets.ISO_8859_1));
    String said = program.refusal(file);
    assertTrue(said.contains("\" is of type \"F64\", and those of a model are F32; a run's"), said);
  }
}
