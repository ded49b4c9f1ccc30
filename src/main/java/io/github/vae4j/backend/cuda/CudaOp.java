package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.op.Op;
import java.util.List;

/** An op's steps and what they own. */
final class CudaOp implements PreparedOp, Step {
  private final String name;
  private final Op op;
  private final CudaContext context;
  private final Step[] steps;
  private final OpenObjects.Held held;
  private boolean open = true;

  CudaOp(String name, Op op, Planner planner, List<Step> steps, OpenObjects objects) {
    this.name = name;
    this.op = op;
    this.context = planner.context();
    this.steps = steps.toArray(Step[]::new);
    this.held = objects.hold(this, name, planner.arena());
  }

  @Override
  public void run() {
    context.enter();
    submit(0);
  }

  /** What it computes. */
  Op op() {
    return op;
  }

  /** What it submits, in order. */
  List<Step> steps() {
    return List.of(steps);
  }

  @Override
  public void submit(int block) {
    if (!open) {
      throw new IllegalStateException(name + " was closed");
    }
    for (Step step : steps) {
      step.submit(block);
    }
  }

  /** Whether this op was planned in a context. */
  boolean isOf(CudaContext other) {
    return context == other;
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      held.close();
    }
  }
}
