package io.github.vae4j.cli;

import io.github.vae4j.Vae;
import io.github.vae4j.checkpoint.RunFile;
import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.checkpoint.VaeJson;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which trained model a command uses, and where it computes. */
final class ModelSource {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "The folder of a run, or a model.safetensors file.")
  private Path path = Path.of("");

  @Mixin private BackendArguments backend = new BackendArguments();

  Path path() {
    return path;
  }

  Vae open() {
    return Vae.load(path, backend.options());
  }

  /** What the run's vae.json says; null where there is none. */
  @Nullable RunFile run() {
    return runOf(path);
  }

  /** What the vae.json in a folder, or beside a file, says; null where there is none. */
  static @Nullable RunFile runOf(Path path) {
    Path json =
        Files.isDirectory(path)
            ? path.resolve(RunFolder.SPECIFICATION)
            : path.resolveSibling(RunFolder.SPECIFICATION);
    return Files.exists(json) ? VaeJson.read(json) : null;
  }
}
