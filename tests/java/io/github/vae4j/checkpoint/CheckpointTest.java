// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.JavaCommand;
import io.github.vae4j.Thrown;
import io.github.vae4j.VaeException;
import io.github.vae4j.checkpoint.LayerTensors.Part;
import io.github.vae4j.checkpoint.SafeTensors.TensorType;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.train.TrainState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  @TempDir Path folder;
  private Path newest;
  private Path previous;

  @BeforeEach
  void names() {
    newest = folder.resolve("checkpoint.safetensors");
    previous = folder.resolve("checkpoint.previous.safetensors");
  }

  private static Checkpoint checkpoint(int epoch, boolean averaged) {
    TrainState.Clock clock =
        new TrainState.Clock((1L << 53) - epoch, epoch, 896, Bits.doubles(Bits.ODD_DOUBLES));
    TrainState state =
        new TrainState(
            Specs.parameters(Specs.SMALL, epoch),
            Specs.parameters(Specs.SMALL, 100 + epoch),
            Specs.parameters(Specs.SMALL, 200 + epoch),
            averaged ? Specs.parameters(Specs.SMALL, 300 + epoch) : null,
            new double[] {1e15, 3, Double.MIN_VALUE},
            clock,
            Double.longBitsToDouble(0xfff8000000abcdefL),
            4,
            averaged ? Map.of("a \"product\"", "us=1.5 data=00", "b", "us=2") : Map.of());
    return new Checkpoint(
        Specs.SMALL, Specs.CONFIG, Specs.DATA, averaged ? Specs.PRINTS : null, state);
  }

  private static void assertSame(Checkpoint expected, Checkpoint actual) {
    assertEquals(expected.model(), actual.model());
    assertEquals(expected.training(), actual.training());
    assertEquals(expected.data(), actual.data());
    assertEquals(expected.prints(), actual.prints());
    TrainState a = expected.state();
    TrainState b = actual.state();
    Bits.assertSame(a.parameters(), b.parameters());
    Bits.assertSame(a.m(), b.m());
    Bits.assertSame(a.v(), b.v());
    assertEquals(a.choices(), b.choices());
    float[] average = a.average();
    if (average == null) {
      assertNull(b.average());
    } else {
      Bits.assertSame(average, b.average() == null ? new float[0] : b.average());
    }
    Bits.assertSame(a.adam(), b.adam());
    assertEquals(a.clock().step(), b.clock().step());
    assertEquals(a.clock().epoch(), b.clock().epoch());
    assertEquals(a.clock().position(), b.clock().position());
    Bits.assertSame(a.clock().sums(), b.clock().sums());
    Bits.assertSame(new double[] {a.bestElbo()}, new double[] {b.bestElbo()});
    assertEquals(a.epochsSinceBest(), b.epochsSinceBest());
  }

  @Test
  void comesBackToTheBit() {
    checkpoint(1, true).save(folder);
    assertSame(checkpoint(1, true), Checkpoint.load(folder));
  }

  @Test
  void aRunWithoutAverageHasNone() {
    checkpoint(1, false).save(folder);
    assertSame(checkpoint(1, false), Checkpoint.load(folder));
  }

  @Test
  void beforeTheFirstEvaluationTheBestIsMinusInfinity() {
    TrainState start =
        new TrainState(
            Specs.parameters(Specs.SMALL, 1),
            new float[new ParameterLayout(Specs.SMALL).length()],
            new float[new ParameterLayout(Specs.SMALL).length()],
            null,
            new double[3],
            new TrainState.Clock(0, 0, 0, new double[0]),
            Double.NEGATIVE_INFINITY,
            0,
            Map.of());
    Checkpoint checkpoint =
        new Checkpoint(Specs.SMALL, Specs.CONFIG, new DataSource("a.npy", null, 0), start);
    checkpoint.save(folder);
    assertSame(checkpoint, Checkpoint.load(folder));
  }

  @Test
  void theOneBeforeIsKept() throws IOException {
    checkpoint(1, false).save(folder);
    assertFalse(Files.exists(previous));
    checkpoint(2, false).save(folder);
    checkpoint(3, false).save(folder);
    assertSame(checkpoint(3, false), Checkpoint.load(folder));
    assertSame(checkpoint(2, false), Checkpoint.read(previous));
    try (var files = Files.list(folder)) {
      assertEquals(2, files.count());
    }
  }

  @Test
  void aDamagedOneIsNamedAndThePreviousOffered() throws IOException {
    checkpoint(7, false).save(folder);
    checkpoint(8, false).save(folder);
    byte[] good = Files.readAllBytes(newest);
    byte[] bad = good.clone();
    bad[bad.length - 100] ^= 4;
    Files.write(newest, bad);
    Thrown.says(
        CheckpointException.class,
        () -> Checkpoint.load(folder),
        newest + ": damaged: ",
        "checkpoint.previous.safetensors is complete (epoch 7): move it over"
            + " checkpoint.safetensors to resume from it: mv "
            + previous
            + " "
            + newest);
    Files.move(previous, newest, StandardCopyOption.REPLACE_EXISTING);
    assertSame(checkpoint(7, false), Checkpoint.load(folder));

    Files.write(newest, Arrays.copyOf(good, good.length / 2));
    Thrown.says(
        CheckpointException.class,
        () -> Checkpoint.load(folder),
        newest + ": cut short",
        "there is no checkpoint.previous.safetensors to go back to");
    Files.write(previous, new byte[3]);
    Thrown.says(
        CheckpointException.class,
        () -> Checkpoint.load(folder),
        newest + ": cut short",
        "checkpoint.previous.safetensors cannot be used either (not a safetensors file");
  }

  @Test
  void aRunKilledBetweenTheRenamesResumes() throws IOException {
    checkpoint(5, true).save(folder);
    Files.move(newest, previous);
    assertSame(checkpoint(5, true), Checkpoint.load(folder));
  }

  /** Saves epochs 1, 2, ... until it is killed. */
  public static final class Saver {
    private Saver() {}

    /** The folder is the argument. */
    public static void main(String[] args) {
      for (int epoch = 1; epoch < Integer.MAX_VALUE; epoch++) {
        checkpoint(epoch, false).save(Path.of(args[0]));
      }
    }
  }

  @Test
  void aRunKilledAtAnyMomentResumes() throws Exception {
    Random random = new Random(2);
    for (int round = 0; round < 4; round++) {
      Path run = Files.createDirectory(folder.resolve("run" + round));
      Process saver =
          new ProcessBuilder(JavaCommand.of(List.of(), Saver.class, List.of(run.toString())))
              .redirectErrorStream(true)
              .redirectOutput(run.resolve("output.txt").toFile())
              .start();
      while (saver.isAlive() && !Files.exists(run.resolve("checkpoint.previous.safetensors"))) {
        Thread.sleep(5);
      }
      Thread.sleep(random.nextInt(60));
      assertTrue(saver.isAlive(), () -> read(run.resolve("output.txt")));
      saver.destroyForcibly().waitFor();

      Checkpoint found;
      try (OpenRun open = OpenRun.resume(run)) {
        found = Checkpoint.load(open.folder().path());
      }
      assertSame(checkpoint(found.state().clock().epoch(), false), found);
      Checkpoint next = checkpoint(found.state().clock().epoch() + 1, false);
      next.save(run);
      assertSame(next, Checkpoint.load(run));
      try (var files = Files.list(run)) {
        assertEquals(
            0, files.filter(file -> String.valueOf(file.getFileName()).endsWith(".tmp")).count());
      }
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void aSaveThatFailsLeavesBoth() throws IOException {
    checkpoint(1, false).save(folder);
    checkpoint(2, false).save(folder);
    Checkpoint wrong =
        new Checkpoint(
            Specs.SMALL,
            Specs.CONFIG,
            Specs.DATA,
            new TrainState(
                new float[1],
                new float[1],
                new float[1],
                null,
                new double[3],
                new TrainState.Clock(0, 0, 0, new double[0]),
                0,
                0,
                Map.of()));
    Thrown.says(
        IllegalArgumentException.class,
        () -> wrong.save(folder),
        "parameters: expected",
        "given 1");
    assertSame(checkpoint(2, false), Checkpoint.load(folder));
    assertSame(checkpoint(1, false), Checkpoint.read(previous));
    Path gone = folder.resolve("gone");
    Thrown.says(
        VaeException.class, () -> checkpoint(3, false).save(gone), "there is no folder " + gone);
  }

  @Test
  void noCheckpointAndOtherFilesAreNamed() {
    Thrown.says(
        CheckpointException.class,
        () -> Checkpoint.load(folder),
        newest + ": there is no such file");
    ModelFile.save(newest, Specs.SMALL, Specs.parameters(Specs.SMALL, 1));
    Thrown.says(
        CheckpointException.class,
        () -> Checkpoint.load(folder),
        newest + ": its metadata has no vae4j.checkpoint");
    ModelFile.writer(Specs.SMALL).metadata("vae4j.checkpoint", "2").write(newest);
    Thrown.says(
        CheckpointException.class,
        () -> Checkpoint.load(folder),
        "vae4j.checkpoint: expected 1, given 2");
  }

  @Test
  void impossibleClocksAreRefused() {
    for (long[] times :
        new long[][] {
          {-1, 0, 0, 0}, {0, 1L << 31, 0, 0}, {0, 0, -1, 0}, {Long.MAX_VALUE, 0, 0, 0}
        }) {
      ParameterLayout layout = new ParameterLayout(Specs.SMALL);
      SafeTensorsWriter writer =
          ModelFile.writer(Specs.SMALL)
              .metadata("vae4j.checkpoint", "1")
              .metadata("vae4j.training", VaeJson.recordText(Specs.CONFIG))
              .metadata("vae4j.data", VaeJson.recordText(Specs.DATA))
              .tensor("clock", TensorType.I64, sink -> sink.longs(times), 4)
              .tensor("adam", TensorType.F64, sink -> {}, 0)
              .tensor("sums", TensorType.F64, sink -> {}, 0)
              .tensor("best_elbo", TensorType.F64, sink -> sink.doubles(0), 1);
      for (String prefix : new String[] {"parameters/", "m/", "v/"}) {
        LayerTensors.write(writer, newest, prefix, layout, Part.ALL, new float[layout.length()]);
      }
      writer.write(newest);
      Thrown.says(
          CheckpointException.class, () -> Checkpoint.read(newest), "tensor \"clock\": a count of");
    }
  }

  @Test
  void aStateThatIsNotFiniteIsNeitherWrittenNorRead() {
    TrainState good = checkpoint(1, true).state();
    float[] bad = good.v().clone();
    bad[0] = Float.POSITIVE_INFINITY;
    TrainState state =
        new TrainState(
            good.parameters(),
            good.m(),
            bad,
            good.average(),
            good.adam(),
            good.clock(),
            good.bestElbo(),
            good.epochsSinceBest(),
            good.choices());
    Checkpoint checkpoint = new Checkpoint(Specs.SMALL, Specs.CONFIG, Specs.DATA, state);
    Thrown.says(
        CheckpointException.class,
        () -> checkpoint.save(folder),
        newest + ": tensor \"v/encoder.0.weight\": a value is Infinity");
    assertFalse(Files.exists(newest));
  }

  @Test
  void impossibleCountsOfTheOptimizerAreRefused() {
    for (double[] counts : new double[][] {{-1, 0, 0}, {0, Double.NaN, 0}, {0, 0, 1e300}, {0, 0}}) {
      TrainState good = checkpoint(1, false).state();
      TrainState bad =
          new TrainState(
              good.parameters(), good.m(), good.v(), null, counts, good.clock(), 0, 0, Map.of());
      new Checkpoint(Specs.SMALL, Specs.CONFIG, Specs.DATA, bad).save(folder);
      Thrown.says(CheckpointException.class, () -> Checkpoint.read(newest), "tensor \"adam\"");
    }
  }

  @Test
  void anyDamageIsReportedOrHarmless() throws IOException {
    Checkpoint checkpoint = checkpoint(9, true);
    checkpoint.save(folder);
    byte[] good = Files.readAllBytes(newest);
    Random random = new Random(11);
    int refused = 0;
    for (int i = 0; i < 600; i++) {
      Files.write(newest, Bits.damage(good, random));
      try {
        assertSame(checkpoint, Checkpoint.load(folder));
      } catch (CheckpointException e) {
        refused++;
      }
    }
    assertTrue(refused > 540, "refused " + refused + " of 600");
  }

  @Test
  void theSameStateIsTheSameFile() throws IOException {
    checkpoint(1, true).save(folder);
    checkpoint(1, true).save(folder);
    assertArrayEquals(Files.readAllBytes(previous), Files.readAllBytes(newest));
  }
}
