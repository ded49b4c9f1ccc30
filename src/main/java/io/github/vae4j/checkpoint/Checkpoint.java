// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.checkpoint.LayerTensors.Part;
import io.github.vae4j.checkpoint.SafeTensors.TensorType;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code checkpoint.safetensors}: the exact state of a training run between two steps. The
 * preceding checkpoint is kept as {@code checkpoint.previous.safetensors}, so that a complete one
 * always exists.
 *
 * @param model the model
 * @param training the configuration of the run
 * @param data the source of the training data
 * @param prints the fingerprints of the data; null in a checkpoint of an earlier version
 * @param state the state of the run
 */
public record Checkpoint(
    VaeSpec model,
    TrainConfig training,
    DataSource data,
    @Nullable DataPrints prints,
    TrainState state) {
  /** The version of the format that this class writes, and the only one that it reads. */
  public static final int FORMAT = 1;

  private static final String FORMAT_KEY = "vae4j.checkpoint";
  private static final String TRAINING = "vae4j.training";
  private static final String DATA = "vae4j.data";
  private static final String PRINTS = "vae4j.fingerprints";
  private static final String CHOICES = "vae4j.choices";

  private static final String PARAMETERS = "parameters/";
  private static final String MOMENTS = "m/";
  private static final String SQUARES = "v/";
  private static final String AVERAGE = "average/";
  private static final String ADAM = "adam";
  private static final String CLOCK = "clock";
  private static final String SUMS = "sums";
  private static final String BEST = "best_elbo";

  /** Steps are counted exactly by a double. */
  private static final long MOST_STEPS = 1L << 53;

  /**
   * A checkpoint without fingerprints.
   *
   * @param model the model
   * @param training the configuration of the run
   * @param data the source of the training data
   * @param state the state of the run
   */
  public Checkpoint(VaeSpec model, TrainConfig training, DataSource data, TrainState state) {
    this(model, training, data, null, state);
  }

  /**
   * Writes this as a run folder's newest checkpoint; the former newest becomes the previous one.
   *
   * @param folder the run folder
   * @throws io.github.vae4j.VaeException if it cannot be written, or a value is not finite; the
   *     existing checkpoints are then unchanged
   */
  public void save(Path folder) {
    ParameterLayout layout = new ParameterLayout(model);
    Path file = folder.resolve(RunFolder.CHECKPOINT);
    SafeTensorsWriter writer =
        ModelFile.writer(model)
            .metadata(FORMAT_KEY, Integer.toString(FORMAT))
            .metadata(TRAINING, VaeJson.recordText(training))
            .metadata(DATA, VaeJson.recordText(data));
    if (prints != null) {
      writer.metadata(PRINTS, VaeJson.recordText(prints));
    }
    if (!state.choices().isEmpty()) {
      writer.metadata(CHOICES, JsonFields.write(state.choices()));
    }
    LayerTensors.write(writer, file, PARAMETERS, layout, Part.ALL, state.parameters());
    LayerTensors.write(writer, file, MOMENTS, layout, Part.TRAINED, state.m());
    LayerTensors.write(writer, file, SQUARES, layout, Part.TRAINED, state.v());
    if (state.average() != null) {
      LayerTensors.write(writer, file, AVERAGE, layout, Part.TRAINED, state.average());
    }
    TrainState.Clock clock = state.clock();
    long[] times = {clock.step(), clock.epoch(), clock.position(), state.epochsSinceBest()};
    doubles(writer, ADAM, state.adam());
    doubles(writer, SUMS, clock.sums());
    doubles(writer, BEST, state.bestElbo());
    writer.tensor(CLOCK, TensorType.I64, sink -> sink.longs(times), times.length);
    writer.write(file, folder.resolve(RunFolder.PREVIOUS_CHECKPOINT));
  }

  private static void doubles(SafeTensorsWriter writer, String name, double... values) {
    writer.tensor(name, TensorType.F64, sink -> sink.doubles(values), values.length);
  }

  /**
   * Reads a run folder's newest checkpoint.
   *
   * @param folder the run folder
   * @return the checkpoint
   * @throws CheckpointException if there is none, or the newest is damaged; the message then gives
   *     the command that restores the previous one, if that is complete
   */
  public static Checkpoint load(Path folder) {
    Path newest = folder.resolve(RunFolder.CHECKPOINT);
    Path previous = folder.resolve(RunFolder.PREVIOUS_CHECKPOINT);
    if (!Files.exists(newest) && Files.exists(previous)) {
      // The writer was killed between the two renames of save: the previous one is the last
      // complete one.
      return read(previous);
    }
    if (!Files.exists(newest)) {
      throw new CheckpointException(newest, "there is no such file: nothing to resume from");
    }
    try {
      return read(newest);
    } catch (CheckpointException e) {
      throw new CheckpointException(newest, e.problem() + "; " + wayOut(newest, previous), e);
    }
  }

  private static String wayOut(Path newest, Path previous) {
    if (!Files.exists(previous)) {
      return "there is no " + previous.getFileName() + " to go back to: train anew";
    }
    try {
      Checkpoint checkpoint = read(previous);
      return previous.getFileName()
          + " is complete (epoch "
          + checkpoint.state().clock().epoch()
          + "): move it over "
          + newest.getFileName()
          + " to resume from it: mv "
          + previous
          + " "
          + newest;
    } catch (CheckpointException e) {
      return previous.getFileName() + " cannot be used either (" + e.problem() + "): train anew";
    }
  }

  /**
   * Reads the file of a checkpoint.
   *
   * @param file the file
   * @return the checkpoint
   * @throws CheckpointException if the file is missing, damaged, or of another kind
   */
  public static Checkpoint read(Path file) {
    try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
      String format = reader.metadata(FORMAT_KEY);
      if (!format.equals(Integer.toString(FORMAT))) {
        throw reader.damaged(
            FORMAT_KEY + ": expected " + FORMAT + ", given " + format + "; another vae4j wrote it");
      }
      VaeSpec model = VaeJson.modelOf(file, ModelFile.MODEL, reader.metadata(ModelFile.MODEL));
      TrainConfig training = record(reader, TRAINING, TrainConfig.class);
      DataSource data = record(reader, DATA, DataSource.class);
      DataPrints prints =
          reader.metadata().containsKey(PRINTS) ? record(reader, PRINTS, DataPrints.class) : null;
      TrainState state = state(reader, new ParameterLayout(model));
      return new Checkpoint(model, training, data, prints, state);
    }
  }

  private static <R extends Record> R record(SafeTensorsReader reader, String key, Class<R> type) {
    return RecordJson.CONFIGURATION.read(
        type, JsonFields.parse(reader.file(), key, reader.metadata(key)));
  }

  private static TrainState state(SafeTensorsReader reader, ParameterLayout layout) {
    boolean averaged = reader.tensors().keySet().stream().anyMatch(n -> n.startsWith(AVERAGE));
    Set<String> names = new LinkedHashSet<>(List.of(ADAM, SUMS, BEST, CLOCK));
    names.addAll(LayerTensors.names(PARAMETERS, layout, Part.ALL));
    for (String prefix : List.of(MOMENTS, SQUARES)) {
      names.addAll(LayerTensors.names(prefix, layout, Part.TRAINED));
    }
    if (averaged) {
      names.addAll(LayerTensors.names(AVERAGE, layout, Part.TRAINED));
    }
    reader.expectOnly(names);
    long[] times = reader.longs(reader.tensor(CLOCK, TensorType.I64, 4));
    for (int i = 0; i < times.length; i++) {
      if (times[i] < 0 || (i > 0 && times[i] > Integer.MAX_VALUE) || times[i] > MOST_STEPS) {
        throw reader.damaged("tensor \"" + CLOCK + "\": a count of " + times[i]);
      }
    }
    double[] adam =
        reader.doubles(reader.tensor(ADAM, TensorType.F64, AdamUpdate.SKIPPED_IN_A_ROW + 1));
    for (double count : adam) {
      if (!(count >= 0 && count <= MOST_STEPS)) {
        throw reader.damaged("tensor \"" + ADAM + "\": a count of " + count);
      }
    }
    double[] sums = reader.doubles(reader.tensor(SUMS, TensorType.F64));
    return new TrainState(
        LayerTensors.read(reader, PARAMETERS, layout, Part.ALL),
        LayerTensors.read(reader, MOMENTS, layout, Part.TRAINED),
        LayerTensors.read(reader, SQUARES, layout, Part.TRAINED),
        averaged ? LayerTensors.read(reader, AVERAGE, layout, Part.TRAINED) : null,
        adam,
        new TrainState.Clock(times[0], (int) times[1], (int) times[2], sums),
        reader.doubles(reader.tensor(BEST, TensorType.F64, 1))[0],
        (int) times[3],
        choices(reader));
  }

  private static Map<String, String> choices(SafeTensorsReader reader) {
    String text = reader.metadata().get(CHOICES);
    return text == null ? Map.of() : JsonFields.parse(reader.file(), CHOICES, text).texts();
  }
}
