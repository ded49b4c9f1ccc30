// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.infer.Evaluation;
import io.github.vae4j.infer.Evaluator;
import io.github.vae4j.model.InitialWeights;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model by stochastic gradient ascent of the evidence lower bound (Kingma and Welling
 * 2014, algorithm 1). Every epoch uses all rows once, in an order and with noise that depend only
 * on (seed, epoch, step); the last, smaller batch has a plan of its own. The gradient of a row is
 * multiplied by its weight ({@link DataSet#weight}) over the mean weight; the metrics of training
 * are unweighted.
 *
 * <p>For one thread at a time: a call beside a use of the backend by another thread throws an
 * IllegalStateException. A listener may read the state and the weights, and may set the weights; it
 * may not run, restore or close the trainer that calls it. If a listener or a data set throws, the
 * trainer is as after the last whole step, and {@link #run} continues from there.
 */
public final class Trainer implements AutoCloseable {
  private static final long REPORT_NANOS = 250_000_000L;

  private static final long EVALUATION_SEED = 0;

  private final Arena arena = new Arena();
  private final Backend backend;
  private final TrainConfig config;
  private final DataSet train;
  private final @Nullable DataSet test;
  private final TrainListener listener;
  private final Supply supply;
  private final TrainingMemory memory;
  private final Supplier<TrainingPlans> planning;
  private final int batch;
  private final int stepsPerEpoch;
  private final double logJacobian;

  private final Divergence divergence;
  private final MetricsReader metrics;
  private TrainingPlans plans;

  private long step;
  private int epoch;
  private int position;
  private double learningRate;
  private double beta;
  private boolean running;
  private double bestElbo = Double.NEGATIVE_INFINITY;
  private int epochsSinceBest;

  /** Whether the last step is complete; a backend that fails may leave a part of one. */
  private boolean whole = true;

  private final Supplier<TrainState> copy = this::state;

  /**
   * The result of a run.
   *
   * @param epochs the metrics of its complete epochs
   * @param end the reason of the end
   */
  public record Result(List<EpochMetrics> epochs, End end) {}

  /** The reason of the end of a run. */
  public enum End {
    /** All epochs are complete. */
    COMPLETE,
    /** The test ELBO has stopped improving. */
    EARLY_STOP,
    /** The caller requested it. */
    STOPPED
  }

  /**
   * Plans a run from new weights; {@link #restore} continues a former run.
   *
   * @param backend that trains; the caller closes it
   * @param spec the model
   * @param config the configuration of the run
   * @param train training rows; the caller closes them
   * @param test rows for the evaluation after each epoch; null for none
   * @param listener receives progress
   * @throws io.github.vae4j.VaeException if the data does not fit the model
   * @throws IllegalArgumentException if the objective or the data do not support the settings
   */
  public Trainer(
      Backend backend,
      VaeSpec spec,
      TrainConfig config,
      DataSet train,
      @Nullable DataSet test,
      TrainListener listener) {
    LatentFit.check(spec.latents(), config.objective());
    DataFit.checkTraining(spec, train, test, config);
    this.backend = backend;
    this.config = config;
    this.train =
        config.binarize() == TrainConfig.Binarize.FIXED
            ? DataSets.binarizeFixed(train, config.seed())
            : train;
    this.test =
        test != null && config.binarize() != TrainConfig.Binarize.NONE
            ? DataSets.binarizeFixed(test, config.seed())
            : test;
    this.listener = listener;
    this.logJacobian = DataFit.meanLogJacobian(train);
    this.batch = Math.min(config.batch(), train.rows());
    this.stepsPerEpoch = (train.rows() + batch - 1) / batch;
    ParameterLayout layout = new ParameterLayout(spec);
    float[] weights = InitialWeights.draw(layout, spec.initializer(), config.seed());
    PseudoInputs.fill(layout, weights, this.train, config.seed());
    try {
      memory = arena.own(new TrainingMemory(backend, layout, config.emaDecay() > 0));
      divergence = new Divergence(backend, spec, memory.evaluated(), this.train);
      metrics = new MetricsReader(memory, config.maxSkips(), divergence);
      setWeights(weights);
      supply = arena.own(new Supply(backend, spec, this.train, batch, config.seed()));
      planning =
          () -> new TrainingPlans(backend, spec, config, memory, supply, this.train, this.test);
      plans = planning.get();
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /**
   * Replaces the weights and their moving average. Moments, clock and metrics do not change.
   *
   * @param weights a flat arena in the order of {@link ParameterLayout}, of its whole length
   * @throws IllegalArgumentException if it has another length
   */
  public void setWeights(float[] weights) {
    try (Turn turn = backend.turn().take()) {
      memory.setWeights(weights);
    }
  }

  /**
   * Continues a run with the same bits as if it had not stopped.
   *
   * @param state from {@link #state}, of a run with the same specification and configuration
   * @throws IllegalArgumentException if no run over these rows has the state's position
   */
  public void restore(TrainState state) {
    try (Turn turn = backend.turn().take()) {
      requireIdle("restore");
      state.requirePosition(train.rows(), batch);
      if (backend.adopt(state.choices())) {
        plans.close();
        plans = planning.get();
      }
      memory.restore(state);
      step = state.clock().step();
      epoch = state.clock().epoch();
      position = state.clock().position();
      metrics.restore(step, state.clock().sums());
      bestElbo = state.bestElbo();
      epochsSinceBest = state.epochsSinceBest();
    }
  }

  /**
   * A copy of the run's state between two steps.
   *
   * @return the state, finite
   * @throws TrainingDivergedException if a value of it is not finite
   * @throws IllegalStateException if the backend failed within a step
   */
  public TrainState state() {
    try (Turn turn = backend.turn().take()) {
      if (!whole) {
        throw new IllegalStateException("the last step failed: it may have changed some weights");
      }
      metrics.drain(step, position);
      TrainState.Clock clock = new TrainState.Clock(step, epoch, position, metrics.sums().copy());
      TrainState state = memory.state(clock, bestElbo, epochsSinceBest, backend.choices());
      divergence.requireFinite(step, state.parameters(), state.m(), state.v());
      float[] average = state.average();
      if (average != null) {
        divergence.requireFinite(step, average);
      }
      return state;
    }
  }

  /**
   * The weights to use: their moving average if there is one.
   *
   * @return a copy, in the order of {@link ParameterLayout}
   * @throws TrainingDivergedException if a weight is not finite
   */
  public float[] weights() {
    try (Turn turn = backend.turn().take()) {
      float[] weights = memory.weights();
      divergence.requireFinite(step, weights);
      return weights;
    }
  }

  /**
   * Trains to the configured number of epochs. An interrupt of the thread ends the run like {@code
   * stop}; the thread stays interrupted.
   *
   * @param stop called before each step, or before each call of the backend that runs several steps
   *     (8 on cuda); true ends the run
   * @return the result
   * @throws TrainingDivergedException if too many consecutive steps were not finite, or all steps
   *     of the last epoch
   */
  public Result run(BooleanSupplier stop) {
    try (Turn turn = backend.turn().take()) {
      requireIdle("run");
      running = true;
      try {
        return runEpochs(() -> stop.getAsBoolean() || Thread.currentThread().isInterrupted());
      } finally {
        running = false;
      }
    }
  }

  private Result runEpochs(BooleanSupplier stop) {
    List<EpochMetrics> epochs = new ArrayList<>();
    if (position == 0 && epoch < config.epochs() && patienceIsOver()) {
      return new Result(epochs, End.EARLY_STOP);
    }
    while (epoch < config.epochs()) {
      long nanos = System.nanoTime();
      int first = position;
      if (!runEpoch(stop)) {
        return new Result(epochs, End.STOPPED);
      }
      if (metrics.sums().none() && epoch + 1 == config.epochs()) {
        throw divergence.skipped(step, metrics.skippedInARow());
      }
      EpochMetrics ended = finishEpoch(System.nanoTime() - nanos, train.rows() - first);
      epochs.add(ended);
      listener.onEpoch(ended, copy);
      if (patienceIsOver()) {
        return new Result(epochs, End.EARLY_STOP);
      }
    }
    return new Result(epochs, End.COMPLETE);
  }

  private boolean patienceIsOver() {
    return config.patience() > 0 && test != null && epochsSinceBest >= config.patience();
  }

  private void requireIdle(String call) {
    if (running) {
      throw new IllegalStateException(
          call + ": the trainer is running, and this call is of its listener or its data set");
    }
  }

  private boolean runEpoch(BooleanSupplier stop) {
    long reported = System.nanoTime();
    int reportedAt = position;
    metrics.start(reported, position, plans.full.together());
    while (position < train.rows()) {
      if (stop.getAsBoolean()) {
        metrics.drain(step, position);
        return false;
      }
      takeSteps();
      long now = System.nanoTime();
      if (metrics.read(now, step, position) && now - reported > REPORT_NANOS) {
        int at = metrics.position();
        listener.onProgress(progress((at - reportedAt) * 1e9 / (now - reported)));
        reported = now;
        reportedAt = at;
      }
      if (position < train.rows()) {
        listener.betweenSteps(copy);
      }
    }
    metrics.drain(step, position);
    return true;
  }

  /** Runs the next step, or the next few full batches by one call. */
  private void takeSteps() {
    int rows = Math.min(batch, train.rows() - position);
    TrainingStep tail = plans.tail;
    TrainingStep plan = rows == batch || tail == null ? plans.full : tail;
    int together = plan.together();
    boolean several = supply.rows().resident() && (train.rows() - position) / batch >= together;
    int count = several ? together : 1;
    long before = step;
    int start = position;
    try {
      for (int block = 0; block < count; block++) {
        prepare(block, rows);
      }
      whole = false;
      plan.run(memory.control, count);
      whole = true;
    } catch (RuntimeException | Error e) {
      step = before;
      position = start;
      throw e;
    }
  }

  /** Sets the control block of the next step, and counts the step. */
  private void prepare(int block, int rows) {
    // The number of steps so far, unless the data have changed since: schedules count epochs.
    long scheduled = (long) epoch * stepsPerEpoch + position / batch;
    double rate = config.schedule().at(scheduled, stepsPerEpoch, config.epochs());
    learningRate = config.optimizer().learningRate() * rate;
    beta = config.objective().betaAt(scheduled, stepsPerEpoch);
    int start = supply.prepare(epoch, position, rows);
    memory
        .control
        .set(block, Control.STEP, (double) step)
        .set(block, Control.EPOCH, epoch)
        .set(block, Control.POSITION, start)
        .set(block, Control.LEARNING_RATE, learningRate)
        .set(block, Control.BETA, beta)
        .set(block, Control.CAPACITY, config.objective().capacityAt(scheduled, stepsPerEpoch));
    metrics.expect(step, rows);
    step++;
    position += rows;
  }

  private TrainListener.Progress progress(double rowsPerSecond) {
    return new TrainListener.Progress(
        epoch + 1,
        config.epochs(),
        (metrics.position() + batch - 1) / batch,
        stepsPerEpoch,
        rowsPerSecond,
        logJacobian + metrics.sums().reconstruction(),
        metrics.sums().kl());
  }

  private EpochMetrics finishEpoch(long nanos, int rows) {
    epoch++;
    position = 0;
    EpochSums sums = metrics.sums();
    double reconstruction = logJacobian + sums.reconstruction();
    double kl = sums.kl();
    double bound = logJacobian + sums.bound();
    double penalty = sums.penalty();
    double norm = sums.gradientNorm();
    sums.clear();
    Evaluator evaluator = plans.evaluator;
    Evaluation evaluation =
        evaluator == null || test == null ? null : evaluator.evaluate(test, 1, EVALUATION_SEED);
    if (evaluation != null) {
      boolean better = evaluation.elbo() > bestElbo;
      bestElbo = better ? evaluation.elbo() : bestElbo;
      epochsSinceBest = better ? 0 : epochsSinceBest + 1;
    }
    return new EpochMetrics(
        epoch,
        step,
        reconstruction - kl,
        reconstruction,
        kl,
        bound,
        penalty,
        evaluation == null ? Double.NaN : evaluation.elbo(),
        evaluation == null ? Double.NaN : evaluation.reconstruction(),
        evaluation == null ? Double.NaN : evaluation.kl(),
        rows * 1e9 / nanos,
        nanos / 1e9,
        learningRate,
        beta,
        norm,
        metrics.skipped());
  }

  @Override
  public void close() {
    try (Turn turn = backend.turn().takeToFree()) {
      requireIdle("close");
      try {
        plans.close();
      } finally {
        arena.close();
      }
    }
  }
}
