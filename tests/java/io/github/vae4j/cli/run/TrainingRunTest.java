// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.VaeException;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.checkpoint.Checkpoint;
import io.github.vae4j.checkpoint.DataSource;
import io.github.vae4j.checkpoint.OpenRun;
import io.github.vae4j.data.DataException;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.OtherReads;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.TrainConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingRunTest {
  private static final VaeSpec MODEL =
      VaeSpec.builder(3).hidden(4).latent(2).likelihood(Likelihoods.parse("gaussian")).build();
  private static final TrainConfig CONFIG = TrainConfig.builder().epochs(3).batch(8).build();
  private static final int ROWS = 70;

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** Rows that are read from a disk, which fails after a number of reads. */
  private static DataSet failing(AtomicInteger left, @Nullable Error error) {
    DataSet rows = rows();
    return OtherReads.streamed(
        rows,
        (first, count, target) -> {
          if (left.getAndDecrement() <= 0) {
            if (error != null) {
              throw error;
            }
            throw new DataException("failing: row " + first + " cannot be read");
          }
          rows.read(first, count, target);
        });
  }

  private static DataSet rows() {
    float[][] values = new float[ROWS][3];
    for (int i = 0; i < ROWS; i++) {
      values[i] = new float[] {i % 7, i % 3 - 1, i / 35f};
    }
    return DataSets.of(values);
  }

  private void run(DataSet rows, Supplier<OpenRun> open, @Nullable Path resumed) {
    TrainData data = new TrainData(rows, null);
    RunDescription about =
        new RunDescription(MODEL, CONFIG, new DataSource("failing", null, 0), data.prints());
    Continuation from =
        resumed == null
            ? null
            : Continuation.of(resumed, Checkpoint.load(resumed), about, ROWS, false);
    Report report = new Report(new PrintWriter(out), new PrintWriter(err), false);
    try (StopSignal stop = new StopSignal()) {
      new TrainingRun(about, data, 0, List.of(), report)
          .execute(
              new BackendOptions(Kind.REFERENCE, 0, Precision.FP32),
              open,
              from,
              new Terminal(false, 80),
              stop);
    }
  }

  /** A run that fails after a number of reads. */
  private void fail(Path path, boolean overwrite, int reads) {
    AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
    DataSet failing = failing(left, null);
    try (Held held = new Held()) {
      DataException thrown =
          assertThrows(
              DataException.class,
              () ->
                  run(
                      failing,
                      () -> {
                        left.set(reads);
                        return held.keep(OpenRun.create(path, overwrite));
                      },
                      null));
      assertTrue(String.valueOf(thrown.getMessage()).contains("cannot be read"));
    }
  }

  /** Closes the open run, as the command does. */
  private static final class Held implements AutoCloseable {
    private @Nullable OpenRun run;

    OpenRun keep(OpenRun opened) {
      run = opened;
      return opened;
    }

    @Override
    public void close() {
      if (run != null) {
        run.close();
      }
    }
  }

  @Test
  void dataThatFailLoseNoStep() throws IOException {
    Path whole = folder.resolve("whole");
    try (Held held = new Held()) {
      run(rows(), () -> held.keep(OpenRun.create(whole, false)), null);
    }
    for (int reads : new int[] {0, 20, 69, 70, 100, 209}) {
      err.getBuffer().setLength(0);
      Path path = folder.resolve("run" + reads);
      fail(path, false, reads);
      long steps = reads / ROWS * 9L + reads % ROWS / 8;
      assertEquals(steps, Checkpoint.load(path).state().clock().step());
      assertTrue(
          err.toString().contains("go on with: ./vae4j train --out " + path + " --resume"),
          err.toString());
      resumesTo(whole, path);
      assertEquals(3, Files.readAllLines(path.resolve("metrics.jsonl")).size());
    }
  }

  /** A run goes on, and ends with the bits of another. */
  private void resumesTo(Path whole, Path path) throws IOException {
    try (Held held = new Held()) {
      run(rows(), () -> held.keep(OpenRun.resume(path)), path);
    }
    assertArrayEquals(
        Files.readAllBytes(whole.resolve("model.safetensors")),
        Files.readAllBytes(path.resolve("model.safetensors")));
  }

  @Test
  void aHeapThatIsFullLosesTheStepsSinceTheCheckpoint() throws IOException {
    Path whole = folder.resolve("whole");
    try (Held held = new Held()) {
      run(rows(), () -> held.keep(OpenRun.create(whole, false)), null);
    }
    Path path = folder.resolve("run");
    AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
    DataSet failing = failing(left, new OutOfMemoryError("Java heap space"));
    try (Held held = new Held()) {
      Supplier<OpenRun> open =
          () -> {
            left.set(100);
            return held.keep(OpenRun.create(path, false));
          };
      assertThrows(OutOfMemoryError.class, () -> run(failing, open, null));
    }
    assertTrue(
        err.toString()
            .contains(
                "ended early; saved in epoch 2, after 9 steps; go on with: ./vae4j train --out "
                    + path
                    + " --resume"),
        err.toString());
    resumesTo(whole, path);
  }

  @Test
  void dataThatFailBeforeAStepLeaveTheOldRun() throws IOException {
    Path path = folder.resolve("run");
    try (Held held = new Held()) {
      run(rows(), () -> held.keep(OpenRun.create(path, false)), null);
    }
    byte[] old = Files.readAllBytes(path.resolve("checkpoint.safetensors"));
    fail(path, true, 7);
    assertArrayEquals(old, Files.readAllBytes(path.resolve("checkpoint.safetensors")));
    assertTrue(err.toString().contains("the run that was there is as it was"), err.toString());
    assertFalse(Files.exists(path.resolve(".new-run")));
    fail(path, true, 20);
    assertEquals(2, Checkpoint.load(path).state().clock().step());
    assertThrows(VaeException.class, () -> OpenRun.create(path, false));
  }
}
