// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.train.TrainListener;
import io.github.vae4j.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Long use of one JVM: {@code steps N} trains for N steps, {@code models N} opens, trains and
 * closes N models. Prints the resident memory of the process in kilobytes at ten points, then the
 * number of open native objects.
 */
public final class Soak {
  private static final int POINTS = 10;

  private Soak() {}

  /** Arguments: steps or models, and their number. */
  public static void main(String[] arguments) throws IOException {
    int count = Integer.parseInt(arguments[1]);
    int open = arguments[0].equals("steps") ? steps(count) : models(count);
    System.out.println("open " + open);
  }

  private static int steps(int count) throws IOException {
    int perEpoch = SmallModel.ROWS / SmallModel.BATCH;
    try (Vae vae = SmallModel.create(BackendOptions.Kind.CPU);
        DataSet data = SmallModel.rows()) {
      int open = vae.backend().open();
      try (Trainer trainer =
          vae.trainer(
              data, null, SmallModel.config(Integer.MAX_VALUE / perEpoch), TrainListener.NONE)) {
        int[] done = {0};
        for (int point = 1; point <= POINTS; point++) {
          long until = (long) count * point / POINTS;
          trainer.run(() -> done[0]++ >= until);
          done[0]--;
          say(until);
        }
      }
      return vae.backend().open() - open;
    }
  }

  private static int models(int count) throws IOException {
    int open = 0;
    for (int i = 1; i <= count; i++) {
      try (Vae vae = SmallModel.create(BackendOptions.Kind.CPU);
          DataSet data = SmallModel.rows()) {
        int before = vae.backend().open();
        vae.train(data, null, SmallModel.config(1), TrainListener.NONE);
        open += vae.backend().open() - before;
        vae.evaluate(data);
      }
      if (i % Math.max(1, count / POINTS) == 0) {
        say(i);
      }
    }
    return open;
  }

  private static void say(long done) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      String resident =
          lines.filter(line -> line.startsWith("VmRSS:")).findFirst().orElse("VmRSS: 0");
      System.out.println(done + " " + resident.replaceAll("\\D", ""));
    }
  }
}
