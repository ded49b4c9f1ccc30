// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.checkpoint.Checkpoint;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.checkpoint.RunLock;
import io.github.vae4j.files.Trees;
import io.github.vae4j.train.EpochMetrics;
import io.github.vae4j.train.TrainState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands train and fit-sampler on folders that hold runs. */
class RunFolderCommandsTest {
  @TempDir Path folder;
  private Path run = Path.of("");
  private Path data = Path.of("");

  @BeforeEach
  void names() throws IOException {
    run = folder.resolve("run");
    data = folder.resolve("data.csv");
    rows(70, 0);
  }

  private void rows(int count, int shift) throws IOException {
    StringBuilder text = new StringBuilder("a,b,c\n");
    for (int i = shift; i < count + shift; i++) {
      text.append(i % 7).append(',').append(i % 3 - 1).append(',').append(i / 35.0).append('\n');
    }
    Files.writeString(data, text);
  }

  private String[] train(Path out, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--schema=none",
                "--data=" + data,
                "--out=" + out,
                "--hidden=4",
                "--latent=2"));
    arguments.addAll(List.of("--batch=8", "--backend=reference"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private String[] resume(String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("train", "--out=" + run, "--resume", "--backend=reference"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private List<Integer> epochs() {
    return new RunFolder(run).readMetrics().stream().map(EpochMetrics::epoch).toList();
  }

  private static byte[] model(Path run) throws IOException {
    return Files.readAllBytes(run.resolve("model.safetensors"));
  }

  @Test
  void refusedOptionsLeaveTheOldRunWhole() throws IOException {
    Cli.ok(train(run, "--epochs=2"));
    Cli.ok(
        "fit-sampler", "--model=" + run, "--sampler=gmm", "--components=2", "--backend=reference");
    Map<String, String> before = Trees.of(run);
    assertTrue(before.containsKey("sampler.gmm.safetensors"), before.keySet().toString());
    refused(
        2,
        "--tc: expected 0, as it needs the density of a diagonal posterior",
        train(run, "--overwrite", "--tc=1", "--posterior=full"));
    refused(2, "--patience: there is no test data", train(run, "--overwrite", "--patience=3"));
    refused(
        1,
        data + ": line 2, column 2 (b) is -1.0, but likelihood bernoulli takes values in [0, 1]",
        train(run, "--overwrite", "--likelihood=bernoulli"));
    String[] large = train(run, "--overwrite");
    large[List.of(large).indexOf("--latent=2")] = "--latent=2000000000";
    refused(
        2,
        "a table has more numbers than an array can hold (2^31); lower --latent 2000000000",
        large);
    refused(2, "Unknown option: '--device=99'", train(run, "--overwrite", "--device=99"));
    refused(1, run + " holds another run (model.safetensors, vae.json, ", train(run));
    refused(2, "--epochs: expected 1 or more, given 0", train(run, "--epochs=0", "--overwrite"));
    assertEquals(before, Trees.of(run));
    Cli.ok(resume("--epochs=3"));
    assertEquals(List.of(1, 2, 3), epochs());
  }

  /** A command that must fail and leave the run as it was. */
  private void refused(int code, String message, String... arguments) throws IOException {
    Map<String, String> before = Trees.of(run);
    Cli.fails(code, List.of(message), arguments);
    assertEquals(before, Trees.of(run), message);
  }

  @Test
  void overwritingReplacesAllFilesOfARun() throws IOException {
    Cli.ok(train(run, "--epochs=2"));
    Files.writeString(run.resolve("notes.txt"), "mine");
    Cli.ok(
        "fit-sampler", "--model=" + run, "--sampler=gmm", "--components=2", "--backend=reference");
    Cli.ok(train(run, "--epochs=1", "--seed=3", "--overwrite"));
    Path alone = folder.resolve("alone");
    Cli.ok(train(alone, "--epochs=1", "--seed=3"));
    List<String> names = new ArrayList<>(Trees.of(alone).keySet());
    names.add("notes.txt");
    assertEquals(names.stream().sorted().toList(), List.copyOf(Trees.of(run).keySet()));
    assertArrayEquals(model(alone), model(run));
    assertEquals(List.of(1), epochs());
  }

  @Test
  void aFolderInUseIsRefusedByEveryWriterAndReadByAll() throws IOException {
    Cli.ok(train(run, "--epochs=1"));
    Map<String, String> before = Trees.of(run);
    try (RunLock lock = RunLock.of(run)) {
      assertEquals(null, lock.remark());
      String busy = run + " is in use by another run of this process";
      Cli.fails(1, List.of(busy), train(run, "--overwrite"));
      Cli.fails(1, List.of(busy), resume("--epochs=2"));
      Cli sampler =
          Cli.run("fit-sampler", "--model=" + run, "--sampler=gmm", "--backend=reference");
      assertEquals(1, sampler.code());
      assertTrue(sampler.err().contains("is in use by another run of this process"), sampler.err());
      Cli.ok("evaluate", "--model=" + run, "--data=" + data, "--backend=reference");
      Cli.ok("inspect", "--model=" + run);
    }
    assertEquals(before, Trees.of(run));
    Cli.ok(resume("--epochs=2"));
    assertFalse(Files.exists(run.resolve(".lock")));
  }

  @Test
  void changedDataAreRefusedByName() throws IOException {
    Cli.ok(train(run, "--epochs=2"));
    Map<String, String> before = Trees.of(run);
    String good = Files.readString(data);
    Map<String, String> changes = new TreeMap<>();
    changes.put(good.substring(0, good.indexOf("\n6,") + 1), "training data: 6 rows, before 70");
    changes.put(good + good.substring(6), "training data: 140 rows, before 70");
    changes.put(good.replace("\n6,", "\n5,"), "training data: other values");
    int tried = 0;
    for (Map.Entry<String, String> change : changes.entrySet()) {
      Files.writeString(data, change.getKey());
      Cli.fails(
          1,
          List.of(
              "cannot resume " + run + ": the data have changed since: ",
              change.getValue(),
              "go on with --accept-changed-data"),
          resume("--epochs=3"));
      assertEquals(before, Trees.of(run), change.getValue());
      tried++;
    }
    assertEquals(3, tried);
    Files.writeString(data, good.replace("a,b,c", "a,b,d"));
    Cli.fails(
        1, List.of("has no column \"c\", which the model was trained with"), resume("--epochs=3"));
    assertEquals(before, Trees.of(run));
    Files.writeString(data, good);
    Cli.ok(resume("--epochs=3"));
    Cli.fails(
        2, List.of("--accept-changed-data is for --resume"), train(run, "--accept-changed-data"));
  }

  @Test
  void theTestDataHaveAFingerprintToo() throws IOException {
    Path test = folder.resolve("test.csv");
    Files.copy(data, test);
    Cli.ok(train(run, "--epochs=2", "--test-data=" + test));
    Files.writeString(test, "a,b,c\n1,2,3\n");
    Cli.fails(1, List.of("changed since: test data: 1 rows, before 70"), resume("--epochs=3"));
    Cli accepted = Cli.ok(resume("--epochs=3", "--accept-changed-data"));
    assertTrue(accepted.err().contains("the data have changed since: test data"), accepted.err());
    assertEquals(List.of(1, 2, 3), epochs());
    // The changed data are now those of the run.
    assertEquals(
        "", Cli.ok(resume("--epochs=4")).err().replaceAll(".*rows are not images.*\n", ""));
  }

  /** Saves a checkpoint at another position. */
  private void at(Checkpoint last, long step, int epoch, int position) {
    TrainState state = last.state();
    TrainState moved =
        new TrainState(
            state.parameters(),
            state.m(),
            state.v(),
            state.average(),
            state.adam(),
            new TrainState.Clock(step, epoch, position, state.clock().sums()),
            state.bestElbo(),
            state.epochsSinceBest(),
            state.choices());
    new Checkpoint(last.model(), last.training(), last.data(), last.prints(), moved).save(run);
  }

  /** Stops a run in the middle of its second epoch, at row 48 of 70. */
  private void stopInMidEpoch() throws IOException {
    Cli.ok(train(run, "--epochs=4", "--schedule=cosine"));
    at(Checkpoint.load(run), 15, 1, 48);
  }

  @Test
  void acceptedDataTrainWholeEpochs() throws IOException {
    for (int count : List.of(20, 48, 50, 300)) {
      run = folder.resolve("run" + count);
      rows(70, 0);
      stopInMidEpoch();
      rows(count, 0);
      Cli.fails(1, List.of(count + " rows, before 70"), resume());
      Cli accepted = Cli.ok(resume("--accept-changed-data"));
      assertTrue(accepted.err().contains("epoch 2 starts again"), accepted.err());
      assertEquals(List.of(1, 2, 3, 4), epochs());
      int steps = (count + 7) / 8;
      new RunFolder(run)
          .readMetrics()
          .subList(1, 4)
          .forEach(
              epoch -> {
                assertEquals(15 + (epoch.epoch() - 1L) * steps, epoch.step());
                assertTrue(epoch.rowsPerSecond() > 0, epoch.toString());
                assertTrue(Double.isFinite(epoch.trainElbo()), epoch.toString());
                // The schedule ends with the epochs, whatever the number of steps.
                double rate =
                    1e-3
                        * (1 + Math.cos(Math.PI * ((epoch.epoch() * steps - 1.0) / (4 * steps))))
                        / 2;
                assertEquals(rate, epoch.learningRate(), 1e-9);
              });
    }
  }

  @Test
  void acceptingWhatHasNotChangedChangesNothing() throws IOException {
    Path alone = folder.resolve("alone");
    Cli.ok(train(alone, "--epochs=3"));
    Cli.ok(train(run, "--epochs=2"));
    Cli.ok(resume("--epochs=3", "--accept-changed-data"));
    assertArrayEquals(model(alone), model(run));
  }

  @Test
  void anEarlierCheckpointHasNoFingerprint() throws IOException {
    stopInMidEpoch();
    Checkpoint last = Checkpoint.load(run);
    new Checkpoint(last.model(), last.training(), last.data(), last.state()).save(run);
    Path copy = folder.resolve("checkpoint");
    Files.copy(run.resolve("checkpoint.safetensors"), copy);
    Cli resumed = Cli.ok(resume());
    assertTrue(resumed.err().contains("without a fingerprint of the data"), resumed.err());
    assertEquals(List.of(1, 2, 3, 4), epochs());

    Files.copy(copy, run.resolve("checkpoint.safetensors"), StandardCopyOption.REPLACE_EXISTING);
    rows(40, 0);
    Cli wrong = Cli.run(resume());
    assertEquals(1, wrong.code());
    assertTrue(
        wrong
            .err()
            .contains(
                run.resolve("checkpoint.safetensors")
                    + ": the state of a run at row 48 of an epoch does not fit 40 rows in batches"
                    + " of 8; if the data have changed, go on with --accept-changed-data"),
        wrong.err());
    Cli.ok(resume("--accept-changed-data"));
    assertEquals(List.of(1, 2, 3, 4), epochs());
  }

  @Test
  void aModelThatIsAheadOfItsCheckpointIsMended() throws IOException {
    Cli.ok(train(run, "--epochs=3"));
    byte[] third = model(run);
    Cli.ok(train(folder.resolve("two"), "--epochs=2"));
    byte[] second = model(folder.resolve("two"));
    ModelFile.save(
        run.resolve("model.safetensors"),
        ModelFile.load(folder.resolve("two")).spec(),
        ModelFile.load(folder.resolve("two")).parameters());
    Cli.ok(resume());
    assertArrayEquals(third, model(run));
    // The checkpoint is of epoch 2, the model of epoch 3, and nothing is left to train.
    Files.copy(
        run.resolve("model.safetensors"),
        folder.resolve("two/model.safetensors"),
        StandardCopyOption.REPLACE_EXISTING);
    run = folder.resolve("two");
    Cli.ok(resume("--epochs=2"));
    assertArrayEquals(second, model(run));
  }

  @Test
  void fewerEpochsThanAreDoneAreRefused() throws IOException {
    Cli.ok(train(run, "--epochs=3"));
    refused(
        2,
        "--epochs: the run has done epoch 3 already; expected 3 or more, given 2",
        resume("--epochs=2"));
    stopInMidEpochOf(folder.resolve("mid"));
    Cli.fails(2, List.of("in epoch 2 already; expected 2 or more, given 1"), resume("--epochs=1"));
  }

  private void stopInMidEpochOf(Path path) throws IOException {
    run = path;
    stopInMidEpoch();
  }

  @Test
  void aRunThatStoppedEarlyDoesNotGoOnUnasked() throws IOException {
    String[] options = {"--epochs=50", "--patience=1", "--validation=0.2", "--lr=0.5"};
    Cli first = Cli.ok(train(run, options));
    assertTrue(first.out().contains("stopped early"), first.out());
    List<Integer> before = epochs();
    byte[] model = model(run);
    Cli again = Cli.ok(resume());
    assertTrue(again.out().contains("no better test ELBO for 1 epoch; a greater"), again.out());
    assertTrue(again.out().contains("stopped early"), again.out());
    assertEquals(before, epochs());
    assertArrayEquals(model, model(run));
    Cli.ok(resume("--patience=2"));
    assertTrue(epochs().size() > before.size(), epochs().toString());
  }

  @Test
  void newEpochsAreKeptThoughTheRunIsKilledAtOnce() throws IOException {
    Cli.ok(train(run, "--epochs=1"));
    Cli.ok(resume("--epochs=2"));
    assertEquals(2, Checkpoint.load(run).training().epochs());
    assertTrue(Files.exists(run.resolve("checkpoint.previous.safetensors")));
    assertEquals(
        2,
        Checkpoint.read(run.resolve("checkpoint.previous.safetensors")).training().epochs(),
        "the checkpoint before the first new step has the new number");
  }

  @Test
  void impossibleStatesAreRefused() throws IOException {
    Cli.ok(train(run, "--epochs=1"));
    Checkpoint good = Checkpoint.load(run);
    String rows = " of an epoch does not fit 70 rows in batches of 8; if the data have changed, go";
    impossible(good, 0, 0, 8, "the state of a run after 0 steps cannot be in epoch 1; if the");
    impossible(good, 9, 0, 71, "the state of a run at row 71" + rows);
    impossible(good, 9, 0, 7, "the state of a run at row 7" + rows);
    impossible(good, 3, 5, 0, "the state of a run after 3 steps cannot be in epoch 6; if the");
    impossible(good, Long.MAX_VALUE, 0, 0, "tensor \"clock\": a count of 9223372036854775807; ");
  }

  private void impossible(Checkpoint good, long step, int epoch, int position, String message)
      throws IOException {
    at(good, step, epoch, position);
    refused(1, run.resolve("checkpoint.safetensors") + ": " + message, resume("--epochs=9"));
  }

  @Test
  void wrongTimesOfCheckpointsAreRefused() {
    Cli.fails(2, List.of("--checkpoint-every"), train(run, "--checkpoint-every=-1"));
    Cli.fails(2, List.of("--checkpoint-every"), train(run, "--checkpoint-every=NaN"));
    assertFalse(Files.exists(run));
  }
}
