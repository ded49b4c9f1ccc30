// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Outlet;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.RecordMetrics;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The memory that all steps of a run share: the flat arenas of parameters, gradients and moments,
 * the control blocks, and the report to the host, which is the ring of metrics and Adam's counts.
 */
final class TrainingMemory implements AutoCloseable {
  /** The number of steps whose metrics the ring can hold: more than one window. */
  static final int SLOTS = 256;

  /** The number of consecutive steps that the control can hold. */
  static final int BLOCKS = 32;

  private static final int ADAM_COUNTS = 3;
  private static final int RING_LENGTH = SLOTS * RecordMetrics.WIDTH;

  /** The index of Adam's counts in a report. */
  static final int ADAM_AT = RING_LENGTH;

  private final Arena arena = new Arena();

  /** Trained parameters, then state. */
  final Tensor all;

  final Parameters parameters;

  /** FLOAT32 of the trained parameters' length, like the moments and the average. */
  final Tensor gradients;

  final Tensor m;
  final Tensor v;
  final @Nullable Tensor average;
  final Tensor adamState;
  final Tensor norm;
  final Tensor status;
  final Tensor ring;
  final Outlet report;
  final Control control;

  TrainingMemory(Backend backend, ParameterLayout layout, boolean withAverage) {
    try {
      all = backend.tensor(arena, layout.length());
      parameters = Parameters.of(layout, all.buffer());
      int n = layout.trained();
      gradients = backend.tensor(arena, n);
      m = backend.tensor(arena, n);
      v = backend.tensor(arena, n);
      average = withAverage ? backend.tensor(arena, n) : null;
      Buffer reported = arena.own(backend.allocate(DType.FLOAT64, RING_LENGTH + ADAM_COUNTS));
      ring = new Tensor(reported.slice(0, RING_LENGTH), SLOTS, RecordMetrics.WIDTH);
      adamState = new Tensor(reported.slice(ADAM_AT, ADAM_COUNTS), ADAM_COUNTS);
      report = arena.own(backend.outlet(reported));
      norm = new Tensor(arena.own(backend.allocate(DType.FLOAT64, 1)), 1);
      status = new Tensor(arena.own(backend.allocate(DType.FLOAT64, 1)), 1);
      control = new Control(arena.own(backend.allocate(DType.FLOAT64, BLOCKS * Control.LENGTH)));
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /** The gradients as tensors. */
  Parameters gradientsByName() {
    return parameters.gradients(gradients.buffer());
  }

  /**
   * The parameters that are evaluated and saved: the moving average if there is one, else the
   * trained parameters.
   */
  Parameters evaluated() {
    return average == null ? parameters : parameters.with(average.buffer());
  }

  /** Replaces the parameters, and their moving average by them. */
  void setWeights(float[] weights) {
    parameters.layout().requireWhole(weights);
    all.write(weights);
    if (average != null) {
      average.write(trained(weights));
    }
  }

  /** The weights to use: their moving average if there is one. */
  float[] weights() {
    return TrainState.served(all.toFloats(), average == null ? null : average.toFloats());
  }

  /** Replaces the values of a state. */
  void restore(TrainState state) {
    parameters.layout().requireWhole(state.parameters());
    all.write(state.parameters());
    m.write(state.m());
    v.write(state.v());
    if (average != null) {
      float[] saved = state.average();
      average.write(saved == null ? trained(state.parameters()) : saved);
    }
    adamState.buffer().write(state.adam());
  }

  /** A copy of the values that continue a run. */
  TrainState state(
      TrainState.Clock clock, double bestElbo, int epochsSinceBest, Map<String, String> choices) {
    return new TrainState(
        all.toFloats(),
        m.toFloats(),
        v.toFloats(),
        average == null ? null : average.toFloats(),
        adamState.toDoubles(),
        clock,
        bestElbo,
        epochsSinceBest,
        choices);
  }

  /** The trained part of a flat arena. */
  private float[] trained(float[] weights) {
    return Arrays.copyOf(weights, parameters.layout().trained());
  }

  /** The number of values of a report. */
  static int reportLength() {
    return RING_LENGTH + ADAM_COUNTS;
  }

  @Override
  public void close() {
    arena.close();
  }
}
