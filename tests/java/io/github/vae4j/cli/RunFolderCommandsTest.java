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
import io.github.vae4j.train.EpochMetrics;
import io.github.vae4j.train.TrainState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
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
            List.of("train", "--data=" + data, "--out=" + out, "--hidden=4", "--latent=2"));
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

  /** Every file of a folder with its bytes, as text of one character a byte. */
  private static Map<String, String> tree(Path folder) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        texts.put(
            folder.relativize(file).toString(),
            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return texts;
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
    Map<String, String> before = tree(run);
    assertTrue(before.containsKey("sampler.gmm.safetensors"), before.keySet().toString());
    for (String[] refused :
        List.of(
            train(run, "--overwrite", "--tc=1", "--posterior=full"),
            train(run, "--overwrite", "--patience=3"),
            train(run, "--overwrite", "--likelihood=bernoulli"),
            train(run, "--overwrite", "--latent=2000000000"),
            train(run, "--overwrite", "--backend=cuda", "--device=99"),
            train(run),
            train(run, "--epochs=0", "--overwrite"))) {
      Cli answer = Cli.run(refused);
      assertTrue(answer.code() == 1 || answer.code() == 2, answer.out());
      assertEquals(before.keySet(), tree(run).keySet(), answer.err());
      assertEquals(before, tree(run), answer.err());
    }
    Cli.ok(resume("--epochs=3"));
    assertEquals(List.of(1, 2, 3), epochs());
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
    List<String> names = new ArrayList<>(tree(alone).keySet());
    names.add("notes.txt");
    assertEquals(names.stream().sorted().toList(), List.copyOf(tree(run).keySet()));
    assertArrayEquals(model(alone), model(run));
    assertEquals(List.of(1), epochs());
  }

  @Test
  void aFolderInUseIsRefusedByEveryWriterAndReadByAll() throws IOException {
    Cli.ok(train(run, "--epochs=1"));
    Map<String, String> before = tree(run);
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
    assertEquals(before, tree(run));
    Cli.ok(resume("--epochs=2"));
    assertFalse(Files.exists(run.resolve(".lock")));
  }

  @Test
  void changedDataAreRefusedByName() throws IOException {
    Cli.ok(train(run, "--epochs=2"));
    Map<String, String> before = tree(run);
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
      assertEquals(before, tree(run), change.getValue());
      tried++;
    }
    assertEquals(3, tried);
    Files.writeString(data, good.replace("a,b,c", "a,b,d"));
    Cli.fails(
        1, List.of("has no column \"c\", which the model was trained with"), resume("--epochs=3"));
    assertEquals(before, tree(run));
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
    Map<String, String> before = tree(run);
    Cli.fails(
        2,
        List.of("--epochs: the run is in epoch 4 already; expected 3 or more, given 2"),
        resume("--epochs=2"));
    assertEquals(before, tree(run));
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
    long[][] clocks = {{0, 0, 8}, {9, 0, 71}, {9, 0, 7}, {3, 5, 0}, {Long.MAX_VALUE, 0, 0}};
    for (long[] clock : clocks) {
      at(good, clock[0], (int) clock[1], (int) clock[2]);
      Cli.fails(1, List.of(run.resolve("checkpoint.safetensors") + ": "), resume("--epochs=9"));
    }
  }

  @Test
  void wrongTimesOfCheckpointsAreRefused() {
    Cli.fails(2, List.of("--checkpoint-every"), train(run, "--checkpoint-every=-1"));
    Cli.fails(2, List.of("--checkpoint-every"), train(run, "--checkpoint-every=NaN"));
    assertFalse(Files.exists(run));
  }
}
