// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.checkpoint.DataSource;
import io.github.vae4j.checkpoint.RowReading;
import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.data.DataSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files that a command reads, none of which it may replace. */
public final class Inputs {
  private final Map<Path, String> options = new LinkedHashMap<>();

  /** Without a file. */
  public Inputs() {}

  /**
   * Adds a file or a folder of images.
   *
   * @param option that names it
   * @param file its path; null for none
   * @return this
   */
  public Inputs file(String option, @Nullable Path file) {
    if (file != null) {
      options.putIfAbsent(file, option);
    }
    return this;
  }

  /**
   * Adds the files of data.
   *
   * @param option that names them
   * @param spec their specification; null for none
   * @return this
   */
  public Inputs data(String option, @Nullable String spec) {
    if (spec != null) {
      DataSets.files(spec).forEach(file -> file(option, file));
    }
    return this;
  }

  /**
   * Adds the files of a run's data.
   *
   * @param source the data of the run; null for none
   * @return this
   */
  public Inputs run(@Nullable DataSource source) {
    if (source == null) {
      return this;
    }
    RowReading reading = source.readingOrPlain();
    return data("--data", source.train())
        .data("--test-data", source.test())
        .data("--weights", reading.weights())
        .data("--mask", reading.mask())
        .data("--test-mask", reading.testMask());
  }

  /**
   * Adds the files of a model.
   *
   * @param path a folder of a run, or a file
   * @return this
   */
  public Inputs model(Path path) {
    return Files.isDirectory(path)
        ? file("--model", path.resolve(RunFolder.MODEL))
            .file("--model", path.resolve(RunFolder.SPECIFICATION))
        : file("--model", path);
  }

  /**
   * Refuses to write one of the files, under any of its names, or into a folder of images.
   *
   * @param option that names the output
   * @param output the file that is to be written
   * @throws IllegalArgumentException if it is an input
   */
  public void refuse(String option, Path output) {
    options.forEach(
        (input, read) -> {
          if (isSame(output, input)) {
            throw new IllegalArgumentException(
                String.format(
                    Locale.ROOT,
                    "%s: %s is the file that %s reads%s, and would be lost; give another name",
                    option,
                    output,
                    read,
                    output.equals(input) ? "" : ", " + input));
          }
          if (Files.isDirectory(input) && isWithin(output, input)) {
            throw new IllegalArgumentException(
                String.format(
                        Locale.ROOT,
                        "%s: %s is in the folder that %s reads, %s, and would become a part of the data; give",
                        option,
                        output,
                        read,
                        input)
                    + " another folder");
          }
        });
  }

  /**
   * Whether two names are those of one file.
   *
   * @param one a name
   * @param other another one
   * @return false if one of them is no regular file
   */
  public static boolean isSame(Path one, Path other) {
    try {
      return Files.isRegularFile(one) && Files.isRegularFile(other) && Files.isSameFile(one, other);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isWithin(Path output, Path folder) {
    try {
      Path real = folder.toRealPath();
      for (Path at = output.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
        if (Files.exists(at)) {
          return at.toRealPath().startsWith(real);
        }
      }
      return false;
    } catch (IOException e) {
      return false;
    }
  }
}
