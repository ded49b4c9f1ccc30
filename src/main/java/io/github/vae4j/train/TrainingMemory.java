package io.github.vae4j.train;

import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.Outlet;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.RecordMetrics;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * What all steps of a run share: the flat arenas of parameters, gradients and moments, the control
 * blocks, and what the host reads now and then, the ring of metrics and Adam's counts, together.
 */
final class TrainingMemory implements AutoCloseable {
  /** Steps whose metrics the ring holds: more than one reading of them behind the other. */
  static final int SLOTS = 256;

  /** How many steps in a row the control can hold. */
  static final int BLOCKS = 32;

  private static final int ADAM_COUNTS = 3;
  private static final int RING_LENGTH = SLOTS * RecordMetrics.WIDTH;

  /** Where Adam's counts are in a report. */
  static final int ADAM_AT = RING_LENGTH;

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
  final Outlet report;
  final Control control;

  TrainingMemory(Ops ops, ParameterLayout layout, boolean withAverage) {
    try {
      int n = layout.length();
      parameters = arena.own(ops.allocate(DType.FLOAT32, n));
      gradients = arena.own(ops.allocate(DType.FLOAT32, n));
      m = arena.own(ops.allocate(DType.FLOAT32, n));
      v = arena.own(ops.allocate(DType.FLOAT32, n));
      average = withAverage ? arena.own(ops.allocate(DType.FLOAT32, n)) : null;
      Buffer reported = arena.own(ops.allocate(DType.FLOAT64, RING_LENGTH + ADAM_COUNTS));
      ring = reported.slice(0, RING_LENGTH);
      adamState = reported.slice(ADAM_AT, ADAM_COUNTS);
      report = arena.own(ops.backend().outlet(reported));
      norm = arena.own(ops.allocate(DType.FLOAT64, 1));
      status = arena.own(ops.allocate(DType.FLOAT64, 1));
      control = new Control(arena.own(ops.allocate(DType.FLOAT64, BLOCKS * Control.LENGTH)));
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /** The weights that are evaluated and saved. */
  Buffer weights() {
    return average == null ? parameters : average;
  }

  /** How many numbers a report has. */
  static int reportLength() {
    return RING_LENGTH + ADAM_COUNTS;
  }

  @Override
  public void close() {
    arena.close();
  }
}
