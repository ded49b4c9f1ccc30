// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.embed;

import io.github.vae4j.Programs;
import io.github.vae4j.backend.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The program native/tests/model.c, which makes calls of the C API of trained models.
 *
 * @param folder of the program and its output
 */
record ModelProgram(Path folder) {
  static ModelProgram compile(Path folder) throws Exception {
    NativeLibrary.compileC99(folder, "model");
    return new ModelProgram(folder);
  }

  /** Makes the calls of lines with a model; fails with the program's message. */
  String run(Path model, int threads, List<String> lines) throws IOException, InterruptedException {
    return run(model, threads, "", lines);
  }

  /** Makes the calls of lines in 8 threads at once; fails if a result is not that of one thread. */
  String together(Path model, int threads, List<String> lines)
      throws IOException, InterruptedException {
    return run(model, threads, " together", lines);
  }

  /**
   * Makes the calls of lines in a child of fork(); fails if the parent's threads are used there.
   */
  void forked(Path model, int threads, List<String> lines)
      throws IOException, InterruptedException {
    run(model, threads, " forked", lines);
  }

  /** The message of the library for a file or folder that it refuses to open. */
  String refusal(Path model) throws IOException, InterruptedException {
    return run(model, 1, " || echo refused", List.of());
  }

  private String run(Path model, int threads, String mode, List<String> lines)
      throws IOException, InterruptedException {
    Path input = folder.resolve("calls");
    Files.write(input, lines);
    String program = folder.resolve("model") + " < " + input + " \"$0\" '' " + threads + mode;
    return new Programs(folder)
        .run(
            Map.of("LD_LIBRARY_PATH", NativeLibrary.folders()),
            List.of("bash", "-c", program, model.toString()));
  }
}
