// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.github.vae4j.VaeException;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.files.AtomicFiles;
import io.github.vae4j.model.VaeSpec;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes the graphs of a model. */
final class OnnxExport {
  /** The greatest size of a message of protobuf. */
  private static final long MOST_BYTES = Integer.MAX_VALUE;

  private OnnxExport() {}

  static List<Path> write(ModelFile.Model model, Path folder, boolean bytes) {
    VaeSpec spec = model.spec();
    check(spec, model.parameters().length);
    OnnxGraphs graphs = new OnnxGraphs(spec, model.parameters(), bytes);
    Map<String, String> metadata = new TreeMap<>(ModelFile.metadata(spec));
    String version = String.valueOf(metadata.get(ModelFile.VERSION));
    Map<String, ModelProto> all = new LinkedHashMap<>();
    all.put("encoder.onnx", graphs.encoder(version, metadata));
    all.put("decoder.onnx", graphs.decoder(version, metadata));
    all.put("score.onnx", graphs.score(version, metadata));
    all.forEach(
        (name, graph) -> {
          Path file = folder.resolve(name);
          AtomicFiles.createFolderOf(file);
          AtomicFiles.write(file, graph::writeTo);
        });
    return all.keySet().stream().map(folder::resolve).toList();
  }

  private static void check(VaeSpec spec, long weights) {
    if (weights * Float.BYTES >= MOST_BYTES) {
      throw new VaeException(
          "a graph in ONNX holds at most 2 GiB, and the weights of this model are "
              + weights * Float.BYTES
              + " bytes; use Exports.torch");
    }
    LikelihoodGraphs.check(spec.likelihood(), spec.features());
  }
}
