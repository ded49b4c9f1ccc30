// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.Vae;
import io.github.vae4j.VaeException;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.picture.AnimatedGif;
import io.github.vae4j.picture.AnimatedGif.Frame;
import io.github.vae4j.picture.GridLabels;
import io.github.vae4j.picture.PictureGrid;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.EpochMetrics;
import io.github.vae4j.train.TrainListener;
import io.github.vae4j.train.TrainState;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples after the epochs of a run, from the same z. Of many epochs it draws some, at equal
 * distances, so that time and memory are bounded. A run that goes on keeps the pictures of its
 * earlier epochs.
 */
final class TrainingFrames implements TrainListener {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingFrames.class);

  private static final int MOST_FRAMES = 50;
  private static final int MOST_PIXELS = 12_000_000;
  private static final int SIDE = 512;
  private static final int MOST_ACROSS = 6;
  private static final int MILLISECONDS = 200;
  private static final int MILLISECONDS_OF_THE_LAST = 2000;
  private static final String EPOCH = "epoch ";

  private final Vae vae;
  private final int epochs;
  private final DataSet rows;
  private final long seed;
  private final TrainListener next;
  private final @Nullable PictureGrid grid;
  private final int every;
  private final List<Frame> frames = new ArrayList<>();
  private boolean failed;

  /**
   * For a run.
   *
   * @param vae the run's model, whose weights are replaced: the trainer has its own
   * @param epochs of the run
   * @param rows have the conditions of a conditional model
   * @param seed of z
   * @param next receives all calls
   */
  TrainingFrames(Vae vae, int epochs, DataSet rows, long seed, TrainListener next) {
    this.vae = vae;
    this.epochs = epochs;
    this.rows = rows;
    this.seed = seed;
    this.next = next;
    ImageShape row = vae.spec().image();
    ImageShape image = row == null || !Pictured.isPossible(row) ? null : Pictured.shape(row);
    grid = image == null ? null : grid(image);
    long pixels = image == null ? 1 : Math.max(1, (long) image.width() * image.height());
    if (grid != null) {
      pixels *= (long) grid.zoom() * grid.zoom() * grid.columns() * grid.columns();
    }
    int most = (int) Math.max(2, Math.min(MOST_FRAMES, MOST_PIXELS / pixels));
    every = (epochs + most - 1) / most;
  }

  private static PictureGrid grid(ImageShape image) {
    PictureGrid one = PictureGrid.of(image, 1);
    int cell = one.zoom() * Math.max(image.width(), image.height()) + one.gap();
    return PictureGrid.of(image, Math.max(1, Math.min(MOST_ACROSS, SIDE / cell)));
  }

  /** Takes over the pictures of a run that goes on after an epoch. */
  void resume(Path file, int epoch) {
    if (grid == null || !Files.exists(file)) {
      return;
    }
    try {
      for (Frame frame : AnimatedGif.read(file)) {
        int of = frame.comment().startsWith(EPOCH) ? epochOf(frame.comment()) : 0;
        if (of > 0 && of <= epoch && isDrawn(of)) {
          frames.add(new Frame(frame.picture(), MILLISECONDS, frame.comment()));
        }
      }
    } catch (VaeException e) {
      // A picture that was damaged begins anew.
      frames.clear();
    }
  }

  private static int epochOf(String comment) {
    String number = comment.substring(EPOCH.length());
    return number.matches("\\d{1,9}") ? Integer.parseInt(number) : 0;
  }

  private boolean isDrawn(int epoch) {
    return epoch == 1 || epoch == epochs || epoch % every == 0;
  }

  @Override
  public void onProgress(Progress progress) {
    next.onProgress(progress);
  }

  @Override
  public void onEpoch(EpochMetrics metrics, Supplier<TrainState> state) {
    next.onEpoch(metrics, state);
    PictureGrid drawn = grid;
    if (drawn == null || failed || !isDrawn(metrics.epoch())) {
      return;
    }
    try {
      vae.setWeights(state.get().weights());
      frames.add(new Frame(draw(drawn, metrics.epoch()), MILLISECONDS, EPOCH + metrics.epoch()));
    } catch (RuntimeException | LinkageError | InternalError e) {
      // A picture must not end a run: neither a Java that cannot draw nor too little memory.
      failed = true;
      LOG.warn("training.gif: no picture of epoch {} and later ones: {}", metrics.epoch(), e, e);
    }
  }

  private BufferedImage draw(PictureGrid grid, int epoch) {
    int count = grid.columns() * grid.columns();
    Matrix conditions = RunPictures.conditions(vae.spec(), rows, count);
    Matrix samples = vae.sample(RunPictures.sampling(conditions, count).seed(seed));
    ImageShape row = Objects.requireNonNull(vae.spec().image());
    return grid.draw(Pictured.of(row, samples).rows(), GridLabels.titled(EPOCH + epoch));
  }

  boolean isEmpty() {
    return frames.isEmpty();
  }

  /** Writes a GIF whose last picture stays longer. */
  void write(Path file) {
    List<Frame> all = new ArrayList<>(frames);
    int size = all.get(0).picture().getWidth();
    int height = all.get(0).picture().getHeight();
    all.removeIf(
        frame -> frame.picture().getWidth() != size || frame.picture().getHeight() != height);
    Frame last = all.remove(all.size() - 1);
    all.add(new Frame(last.picture(), MILLISECONDS_OF_THE_LAST, last.comment()));
    AnimatedGif.write(all, file);
  }
}
