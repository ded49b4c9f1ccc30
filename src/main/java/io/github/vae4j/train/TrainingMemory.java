package io.github.vae4j.train;

import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.RecordMetrics;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * What all steps of a run share: the flat arenas of parameters, gradients and moments, the control
 * block and the ring of metrics.
 */
final class TrainingMemory implements AutoCloseable {
  /** Steps whose metrics the ring holds, and how many the control can hold in a row. */
  static final int SLOTS = 32;

  private final Arena arena = new Arena();
  final Buffer parameters;
  final Buffer gradients;
  final Buffer m;
  final Buffer v;
  final @Nullable Buffer average;
  final Buffer adamState;
  final Buffer norm;
  final Buffer status;
  final Buffer ring;
  final Control control;

  TrainingMemory(Ops ops, ParameterLayout layout, boolean withAverage) {
    try {
      int n = layout.length();
      parameters = arena.own(ops.allocate(DType.FLOAT32, n));
      gradients = arena.own(ops.allocate(DType.FLOAT32, n));
      m = arena.own(ops.allocate(DType.FLOAT32, n));
      v = arena.own(ops.allocate(DType.FLOAT32, n));
      average = withAverage ? arena.own(ops.allocate(DType.FLOAT32, n)) : null;
      adamState = arena.own(ops.allocate(DType.FLOAT64, 3));
      norm = arena.own(ops.allocate(DType.FLOAT64, 1));
      status = arena.own(ops.allocate(DType.FLOAT64, 1));
      ring = arena.own(ops.allocate(DType.FLOAT64, SLOTS * RecordMetrics.WIDTH));
      control = new Control(arena.own(ops.allocate(DType.FLOAT64, SLOTS * Control.LENGTH)));
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /** The weights that are evaluated and saved. */
  Buffer weights() {
    return average == null ? parameters : average;
  }

  @Override
  public void close() {
    arena.close();
  }
}
