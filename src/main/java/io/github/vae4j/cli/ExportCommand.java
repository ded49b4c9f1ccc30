// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.cli.options.CommonOptions;
import io.github.vae4j.cli.options.ExportFormat;
import io.github.vae4j.cli.options.Inputs;
import io.github.vae4j.cli.run.JsonLine;
import io.github.vae4j.cli.run.Numbers;
import io.github.vae4j.cli.run.Report;
import io.github.vae4j.export.Exports;
import io.github.vae4j.export.Exports.InputType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vae4j export}. */
@Command(
    name = "export",
    description = {
      "Writes a model for other programs.",
      "onnx: encoder.onnx (x to mean and log variance), decoder.onnx (z to the likelihood's"
          + " parameters and E[x|z]), score.onnx (x and noise to the anomaly score and its terms).",
      "torch: model.safetensors and model.py, a module of PyTorch that loads it.",
      "native: model.safetensors with programs for libvae4j, as training writes it; for weights of"
          + " another program or version."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./vae4j export --model runs/mnist --format onnx --out onnx",
      "  ./vae4j export --model runs/mnist --format onnx --input uint8 --out onnx",
      "  ./vae4j export --model runs/mnist --format torch --out torch"
    })
final class ExportCommand implements Runnable {
  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "The folder of a run, or a model.safetensors file.")
  private Path path = Path.of("");

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      description = "onnx, torch or native.")
  private ExportFormat format = ExportFormat.ONNX;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The folder of the files; files of the same names are replaced.")
  private Path out = Path.of("");

  @Option(
      names = "--input",
      paramLabel = "TYPE",
      description =
          "For onnx, of x, where the model is not one of tables: float (values as the model has them), or"
              + " uint8 (0 to 255, which the graph divides by 255) (default float).")
  private @Nullable InputType input;

  @Override
  public void run() {
    if (format != ExportFormat.ONNX && input != null) {
      throw new IllegalArgumentException("--input: is for --format onnx alone");
    }
    if (format != ExportFormat.ONNX) {
      new Inputs().model(path).refuse("--out", out.resolve(RunFolder.MODEL));
    }
    List<Path> files = write(ModelFile.load(path));
    Report report = common.report();
    JsonLine json = new JsonLine().put("format", format.name().toLowerCase(Locale.ROOT));
    JsonLine sizes = new JsonLine();
    for (Path file : files) {
      long size = size(file);
      report.line("wrote " + file + ", " + Numbers.bytes(size));
      sizes.put(String.valueOf(file.getFileName()), size);
    }
    report.object(json.put("out", out.toString()).put("files", sizes));
  }

  private List<Path> write(ModelFile.Model model) {
    return switch (format) {
      case ONNX -> Exports.onnx(model, out, input == null ? InputType.FLOAT : input);
      case TORCH -> Exports.torch(model, out);
      case NATIVE -> Exports.nativeModel(model, out);
    };
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
