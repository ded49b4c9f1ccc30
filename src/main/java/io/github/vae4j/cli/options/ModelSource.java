// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.Vae;
import io.github.vae4j.checkpoint.RunFile;
import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.checkpoint.VaeJson;
import io.github.vae4j.data.DataSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
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
   * Refuses to open data that a run of another place names: on this machine the name may be that of
   * another file, of which the run's author should learn nothing.
   *
   * @param spec the data
   * @throws IllegalArgumentException if the run was not made here, and the data are neither bundled
   *     nor below the present folder
   */
  void requireOwn(String spec) {
    Path json = json(path);
    if (DataSets.files(spec).stream().allMatch(ModelSource::isBelowHere)
        || VaeJson.isMadeHere(json)) {
      return;
    }
    throw new IllegalArgumentException(
        String.format(
                Locale.ROOT,
                "--data: %s names the data %s, but that run was not made in this folder on this machine by",
                json,
                spec)
            + " this user, and they are not below the present folder; if they are meant, give --data "
            + spec);
  }

  private static boolean isBelowHere(Path file) {
    try {
      return file.toRealPath().startsWith(Path.of("").toRealPath());
    } catch (IOException e) {
      return false;
    }
  }

  private static Path json(Path path) {
    return Files.isDirectory(path)
        ? path.resolve(RunFolder.SPECIFICATION)
        : path.resolveSibling(RunFolder.SPECIFICATION);
  }

  /**
   * The run of a model.
   *
   * @param path a folder of a run, or a file beside its vae.json
   * @return the content of vae.json; null if there is none
   */
  public static @Nullable RunFile runOf(Path path) {
    Path json = json(path);
    return Files.exists(json) ? VaeJson.read(json) : null;
  }
}
