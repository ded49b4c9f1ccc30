// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import io.github.vae4j.JavaCommand;
import io.github.vae4j.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A training run that is killed within an epoch and resumed has the bits of an uninterrupted one.
 */
public final class Killed {
  private Killed() {}

  /**
   * Trains, kills and resumes.
   *
   * @param arguments DATA RUN EPOCHS, then options of {@code train}
   * @throws IOException if a run cannot be read
   * @throws InterruptedException never
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path straight = Path.of(arguments[1] + "-not");
    Path killed = Path.of(arguments[1]);
    List<String> train = new ArrayList<>(List.of("train", "--data", arguments[0]));
    train.addAll(List.of("--epochs", arguments[2], "--backend=cuda", "--json"));
    train.addAll(Arrays.asList(arguments).subList(3, arguments.length));
    Command.ok(with(train.subList(0, train.indexOf("--json")), train, straight));

    List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments();
    List<String> command = JavaCommand.of(options, Main.class, train);
    command.addAll(List.of("--out", killed.toString(), "--overwrite"));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    int epochs = 0;
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        epochs += line.contains("\"event\":\"epoch\"") ? 1 : 0;
        if (epochs == 2) {
          // By its handle: the process itself would close its output, too.
          process.toHandle().destroyForcibly();
        }
      }
    }
    int code = process.waitFor();
    Command.ok(List.of("train", "--out", killed.toString(), "--resume", "--backend=cuda"));
    boolean same =
        Files.mismatch(straight.resolve("model.safetensors"), killed.resolve("model.safetensors"))
            == -1;
    boolean wasKilled = code != 0 && epochs < Integer.parseInt(arguments[2]);
    Json.print(
        Json.object()
            .put("exit_code", code)
            .put("killed_after_epoch", epochs)
            .put("same_bits", same));
    System.exit(same && wasKilled ? 0 : 1);
  }

  private static List<String> with(List<String> head, List<String> all, Path out) {
    List<String> command = new ArrayList<>(head);
    command.addAll(all.subList(all.indexOf("--json") + 1, all.size()));
    command.addAll(List.of("--out", out.toString(), "--overwrite"));
    return command;
  }
}
