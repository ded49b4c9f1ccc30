// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.VaeException;
import io.github.vae4j.files.AtomicFiles;
import io.github.vae4j.files.Reasons;
import io.github.vae4j.train.EpochMetrics;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * metrics.jsonl: one JSON object per line, the {@link EpochMetrics} of an epoch with keys in snake
 * case and null for numbers that are not finite. A last line without a line end is from a killed
 * writer and is ignored.
 */
final class MetricsLines {
  private MetricsLines() {}

  static void append(Path file, EpochMetrics metrics) {
    byte[] line = (RecordJson.METRICS.write(metrics) + "\n").getBytes(StandardCharsets.UTF_8);
    try (FileOutputStream out = new FileOutputStream(file.toFile(), true)) {
      out.write(line);
      if (Files.isRegularFile(file)) {
        AtomicFiles.sync(out, file);
      }
    } catch (IOException e) {
      throw new VaeException("cannot write " + file + ": " + Reasons.of(e), e);
    }
  }

  static void truncate(Path file, int epoch) {
    if (!Files.exists(file)) {
      return;
    }
    StringBuilder kept = new StringBuilder();
    List<String> lines = lines(file);
    for (int i = 0; i < lines.size(); i++) {
      if (parse(file, i, lines.get(i)).epoch() <= epoch) {
        kept.append(lines.get(i)).append('\n');
      }
    }
    AtomicFiles.writeText(file, kept.toString());
  }

  static List<EpochMetrics> read(Path file) {
    List<EpochMetrics> epochs = new ArrayList<>();
    if (Files.exists(file)) {
      List<String> lines = lines(file);
      for (int i = 0; i < lines.size(); i++) {
        epochs.add(parse(file, i, lines.get(i)));
      }
    }
    return epochs;
  }

  private static EpochMetrics parse(Path file, int index, String line) {
    return RecordJson.METRICS.read(
        EpochMetrics.class, JsonFields.parse(file, "line " + (index + 1), line));
  }

  /** The complete lines. */
  private static List<String> lines(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new CheckpointException(file, "cannot be read: " + Reasons.of(e), e);
    }
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }
}
