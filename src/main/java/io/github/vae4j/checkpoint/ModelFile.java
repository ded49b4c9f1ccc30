// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.VaeException;
import io.github.vae4j.checkpoint.LayerTensors.Part;
import io.github.vae4j.embed.ModelPrograms;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code model.safetensors}: a model's weights under PyTorch's names and shapes, and its
 * specification in the metadata, so that the file alone is enough. {@code
 * docs/checkpoint-format.md} has the names and an example in PyTorch.
 */
public final class ModelFile {
  /** The metadata key of the specification: the "model" part of vae.json. */
  public static final String MODEL = "vae4j.model";

  /** The metadata key of the version that wrote the file. */
  public static final String VERSION = "vae4j.version";

  /** The metadata key of the model's programs, by which the native library runs it. */
  public static final String PROGRAMS = "vae4j.programs";

  private ModelFile() {}

  /**
   * A model.
   *
   * @param spec its specification
   * @param parameters its weights, flat, in the order of {@link ParameterLayout}
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Model(VaeSpec spec, float[] parameters) {}

  /**
   * Writes a model atomically.
   *
   * @param file to write
   * @param spec its specification
   * @param parameters its weights, flat, in the order of {@link ParameterLayout}
   * @throws VaeException if it cannot be written, or a weight is not finite; it names the tensor
   */
  public static void save(Path file, VaeSpec spec, float[] parameters) {
    SafeTensorsWriter writer = writer(spec).metadata(PROGRAMS, ModelPrograms.of(spec));
    LayerTensors.write(writer, file, "", new ParameterLayout(spec), Part.ALL, parameters);
    writer.write(file);
  }

  /**
   * Reads a model. The specification is that of the file; if the file has none, as a file from
   * PyTorch, it is that of the {@code vae.json} beside it.
   *
   * @param path a model's file, or a run folder, whose vae.json must agree with the model
   * @return the model
   * @throws CheckpointException if a file is missing or damaged, or has the tensors of another
   *     model
   */
  public static Model load(Path path) {
    if (!Files.isDirectory(path)) {
      return loadFile(path);
    }
    if (!Files.exists(path.resolve(RunFolder.MODEL))) {
      throw new CheckpointException(path, "there is no " + RunFolder.MODEL + " in this folder");
    }
    Model model = loadFile(path.resolve(RunFolder.MODEL));
    Path json = path.resolve(RunFolder.SPECIFICATION);
    if (Files.exists(json)) {
      List<String> differences =
          RecordDifference.of(
              VaeJson.read(json).model(), model.spec(), "in " + RunFolder.MODEL, Set.of());
      if (!differences.isEmpty()) {
        throw new CheckpointException(
            json,
            "its model is not that of "
                + RunFolder.MODEL
                + ": "
                + String.join("; ", differences)
                + "; take both files from one run");
      }
    }
    return model;
  }

  private static Model loadFile(Path file) {
    try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
      VaeSpec spec = specification(reader);
      ParameterLayout layout = new ParameterLayout(spec);
      reader.expectOnly(LayerTensors.names("", layout, Part.ALL));
      return new Model(spec, LayerTensors.read(reader, "", layout, Part.ALL));
    }
  }

  static SafeTensorsWriter writer(VaeSpec spec) {
    SafeTensorsWriter writer = new SafeTensorsWriter().metadata("format", "pt");
    metadata(spec).forEach(writer::metadata);
    return writer;
  }

  /**
   * The metadata of a file with a model.
   *
   * @param spec the model
   * @return {@link #VERSION} and {@link #MODEL} with their values
   */
  public static Map<String, String> metadata(VaeSpec spec) {
    String version = VaeException.class.getPackage().getImplementationVersion();
    return Map.of(
        VERSION, version == null ? "development" : version, MODEL, VaeJson.modelText(spec));
  }

  private static VaeSpec specification(SafeTensorsReader reader) {
    String text = reader.metadata().get(MODEL);
    if (text != null) {
      return VaeJson.modelOf(reader.file(), MODEL, text);
    }
    Path json = reader.file().resolveSibling(RunFolder.SPECIFICATION);
    if (!Files.exists(json)) {
      throw reader.damaged(
          "its metadata has no "
              + MODEL
              + ", and there is no "
              + json
              + " with the model's specification");
    }
    return VaeJson.read(json).model();
  }
}
