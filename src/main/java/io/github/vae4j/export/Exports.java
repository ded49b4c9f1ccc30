// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import io.github.vae4j.VaeException;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.files.AtomicFiles;
import java.nio.file.Path;
import java.util.List;

/** Writes models in the formats of other programs. docs/export.md describes the files. */
public final class Exports {
  private Exports() {}

  /** The type of the numbers of x, of a graph for rows of numbers. */
  public enum InputType {
    /** Values as the model has them: grey values from 0 to 1. */
    FLOAT,
    /** Whole numbers from 0 to 255, of which the model has the 255th part. */
    UINT8
  }

  /**
   * Writes {@code model.safetensors}, the weights with PyTorch's names, and {@code model.py}, a
   * program that makes a module of PyTorch of them.
   *
   * @param model from {@link ModelFile#load}
   * @param folder receives the files, and is created if there is none; files of these names are
   *     replaced
   * @return the files
   * @throws VaeException if a file cannot be written
   */
  public static List<Path> torch(ModelFile.Model model, Path folder) {
    return TorchExport.write(model, folder);
  }

  /**
   * Writes {@code model.safetensors} with the programs of this version, by which the native library
   * runs the model: for weights that PyTorch or another version of vae4j wrote. A {@code
   * calibration.json} of the weights may be copied beside the file.
   *
   * @param model from {@link ModelFile#load}
   * @param folder receives the file, and is created if there is none; a file of this name is
   *     replaced
   * @return the file
   * @throws VaeException if the file cannot be written
   */
  public static List<Path> nativeModel(ModelFile.Model model, Path folder) {
    Path file = folder.resolve(RunFolder.MODEL);
    AtomicFiles.createFolderOf(file);
    ModelFile.save(file, model.spec(), model.parameters());
    return List.of(file);
  }

  /**
   * Writes {@code encoder.onnx}, {@code decoder.onnx} and {@code score.onnx}. Needs
   * org.tribuo:tribuo-util-onnx, which has the classes of ONNX's format.
   *
   * @param model from {@link ModelFile#load}
   * @param folder receives the files, and is created if there is none; files of these names are
   *     replaced
   * @param type of the numbers of x
   * @return the files
   * @throws VaeException if a class of the format is missing, a part of the model has no form in
   *     ONNX, or a file cannot be written; the message says which
   * @throws IllegalArgumentException if the type is not FLOAT and the model is one of tables
   */
  public static List<Path> onnx(ModelFile.Model model, Path folder, InputType type) {
    if (type != InputType.FLOAT && model.spec().schema() != null) {
      throw new IllegalArgumentException(
          "Exports.InputType: expected float, as the columns of a table have types of their own,"
              + " given uint8");
    }
    try {
      return OnnxExport.write(model, folder, type == InputType.UINT8);
    } catch (NoClassDefFoundError e) {
      if (!String.valueOf(e.getMessage()).matches("(ai/onnx/|com/google/protobuf/).*")) {
        throw e;
      }
      throw new VaeException(
          "a model in ONNX needs the classes of that format, which are not on the class path: add"
              + " org.tribuo:tribuo-util-onnx:4.3.2 to your dependencies, or its jar and that of"
              + " com.google.protobuf:protobuf-java:3.25.6 to the folder lib of an installed vae4j",
          e);
    }
  }
}
