// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.checkpoint.CalibrationJson;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.checkpoint.ReferenceJson;
import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.cli.options.CommonOptions;
import io.github.vae4j.cli.options.ExportFormat;
import io.github.vae4j.cli.options.Inputs;
import io.github.vae4j.cli.run.JsonLine;
import io.github.vae4j.cli.run.Numbers;
import io.github.vae4j.cli.run.Report;
import io.github.vae4j.export.Exports;
import io.github.vae4j.export.Exports.InputType;
import io.github.vae4j.files.AtomicFiles;
import io.github.vae4j.schema.Reference;
import io.github.vae4j.schema.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
      "native: model.safetensors with programs for libvae4j, as training writes it, and the"
          + " calibration.json and reference.json beside the model; for weights of another program or"
          + " version."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./vae4j export --model runs/mnist --format onnx --out onnx",
      "  ./vae4j export --model runs/mnist --format onnx --input uint8 --out onnx",
      "  ./vae4j export --model runs/mnist --format torch --out torch",
      "  ./vae4j export --model changed/model.safetensors --format native --out native"
    })
final class ExportCommand implements Runnable {
  /** Files of a model of tables that the native library and later commands read beside it. */
  private static final List<String> OF_TABLES = List.of(RunFolder.CALIBRATION, RunFolder.REFERENCE);

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
      description =
          "The folder of the files; files of the same names are replaced. For torch and native, no"
              + " folder of a run.")
  private Path out = Path.of("");

  @Option(
      names = "--input",
      paramLabel = "TYPE",
      description =
          "The type of x in ONNX graphs of models without a table: float (values as the model has"
              + " them), or uint8 (0 to 255, which the graph divides by 255) (default float).")
  private @Nullable InputType input;

  @Override
  public void run() {
    if (format != ExportFormat.ONNX) {
      requireNoInput();
      new Inputs().model(path).refuse("--out", out.resolve(RunFolder.MODEL));
      requireOwnFolder();
    }
    ModelFile.Model model = ModelFile.load(path);
    if (format == ExportFormat.NATIVE) {
      requireReadable(model);
    }
    List<Path> files = write(model);
    Report report = common.report();
    JsonLine json = new JsonLine().put("format", name());
    JsonLine sizes = new JsonLine();
    for (Path file : files) {
      long size = size(file);
      report.line("wrote " + file + ", " + Numbers.bytes(size));
      sizes.put(String.valueOf(file.getFileName()), size);
    }
    report.object(json.put("out", out.toString()).put("files", sizes));
  }

  private String name() {
    return format.name().toLowerCase(Locale.ROOT);
  }

  private void requireNoInput() {
    if (input != null) {
      throw new IllegalArgumentException(
          "--input: expected none with --format "
              + name()
              + ", given "
              + input.name().toLowerCase(Locale.ROOT)
              + "; leave it out, or give --format onnx");
    }
  }

  /** Refuses to put a model in the place of a run's, or beside files of another model. */
  private void requireOwnFolder() {
    if (Files.exists(out.resolve(RunFolder.SPECIFICATION))) {
      throw new IllegalArgumentException(
          "--out: expected a folder without a run, given "
              + out
              + ", which has "
              + RunFolder.SPECIFICATION
              + " of a run whose trained weights would be lost; name a new folder");
    }
    for (String name : OF_TABLES) {
      if (Files.exists(out.resolve(name)) && !beside().contains(name)) {
        throw new IllegalArgumentException(
            "--out: expected a folder without files of another model, given "
                + out
                + ", which has "
                + name
                + ", while the model has none; name a new folder");
      }
    }
  }

  /** The names of the files of {@link #OF_TABLES} beside the model that are copied. */
  private List<String> beside() {
    return format == ExportFormat.NATIVE
        ? OF_TABLES.stream().filter(name -> Files.exists(besideModel(name))).toList()
        : List.of();
  }

  private Path besideModel(String name) {
    return Files.isDirectory(path) ? path.resolve(name) : path.resolveSibling(name);
  }

  /** Refuses damaged files beside the model, and those of other weights, before any is written. */
  private void requireReadable(ModelFile.Model model) {
    Path calibration = besideModel(RunFolder.CALIBRATION);
    if (Files.exists(calibration)) {
      CalibrationJson.read(calibration, model.parameters());
    }
    Path reference = besideModel(RunFolder.REFERENCE);
    if (Files.exists(reference)) {
      Reference read = ReferenceJson.read(reference, model.parameters());
      Schema schema = model.spec().schema();
      if (schema != null) {
        DriftCommand.requireOf(read, schema, reference);
      }
    }
  }

  private List<Path> nativeModel(ModelFile.Model model) {
    List<Path> files = new ArrayList<>(Exports.nativeModel(model, out));
    for (String name : beside()) {
      Path from = besideModel(name);
      Path to = out.resolve(name);
      if (!Inputs.isSame(from, to)) {
        AtomicFiles.write(to, bytes -> bytes.write(Files.readAllBytes(from)));
        files.add(to);
      }
    }
    return files;
  }

  private List<Path> write(ModelFile.Model model) {
    return switch (format) {
      case ONNX -> Exports.onnx(model, out, input == null ? InputType.FLOAT : input);
      case TORCH -> Exports.torch(model, out);
      case NATIVE -> nativeModel(model);
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
