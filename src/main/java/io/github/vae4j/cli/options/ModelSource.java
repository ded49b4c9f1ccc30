// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.Vae;
import io.github.vae4j.checkpoint.RunFile;
import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.checkpoint.VaeJson;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of the trained model that a command uses, and of its backend. */
public final class ModelSource {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "The folder of a run, or a model.safetensors file.")
  private Path path = Path.of("");

  @Mixin private BackendArguments backend = new BackendArguments();

  /**
   * The place of the model.
   *
   * @return a folder or a file
   */
  public Path path() {
    return path;
  }

  /**
   * Opens the model.
   *
   * @return the model, owned by the caller
   */
  public Vae open() {
    return Vae.load(path, backend.options());
  }

  /**
   * The run of the model.
   *
   * @return the content of its vae.json; null if there is none
   */
  public @Nullable RunFile run() {
    return runOf(path);
  }

  /**
   * The run of a model.
   *
   * @param path a folder of a run, or a file beside its vae.json
   * @return the content of vae.json; null if there is none
   */
  public static @Nullable RunFile runOf(Path path) {
    Path json =
        Files.isDirectory(path)
            ? path.resolve(RunFolder.SPECIFICATION)
            : path.resolveSibling(RunFolder.SPECIFICATION);
    return Files.exists(json) ? VaeJson.read(json) : null;
  }
}
