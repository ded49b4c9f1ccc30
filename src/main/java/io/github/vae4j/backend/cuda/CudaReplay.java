package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.Replay;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.tensor.Arena;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CUDA graphs of ops: of the step, and, made when it is first asked for, of {@link #STEPS} steps in
 * a row, each of which reads the control block of its place. Addresses are fixed in a graph; what
 * changes from step to step is read from the control when it runs.
 */
final class CudaReplay implements Replay {
  /**
   * Steps of a long graph. A launch costs the host several microseconds, so that one of eight makes
   * it small beside a step; a request to stop is heard after eight steps at the latest.
   */
  static final int STEPS = 8;

  private final CudaContext context;
  private final Arena owned = new Arena();
  private final List<Step> steps;
  private final List<Control> controls;
  private final @Nullable Graph one;
  private final OpenObjects.Held held;
  private final String what;
  private @Nullable Graph several;
  private boolean open = true;

  CudaReplay(Planner planner, List<CudaOp> ops, OpenObjects objects) {
    this.context = planner.context();
    this.what = "graph of " + ops.size() + " ops";
    this.controls =
        ops.stream()
            .flatMap(op -> OpBuffers.operands(op.op(), Control.class).stream())
            .distinct()
            .toList();
    owned.own(planner.arena());
    try {
      this.steps = Fusion.of(planner, ops);
      this.one = context.synchronous() ? null : owned.own(new Graph(context, what, steps, 1));
    } catch (Throwable t) {
      Closing.suppressing(t, owned);
      throw t;
    }
    this.held = objects.hold(this, what, owned);
  }

  @Override
  public void run() {
    enter();
    if (one == null) {
      // Launch by launch, so that an error is that of its launch and not of the whole graph.
      steps.forEach(step -> step.submit(0));
    } else {
      one.launch();
    }
  }

  @Override
  public int stepsPerCall() {
    return STEPS;
  }

  @Override
  public void run(Control control, int count) {
    if (count != STEPS || one == null) {
      Replay.super.run(control, count);
      return;
    }
    enter();
    control.uploadAll(STEPS);
    several(control).launch();
  }

  /** What a step submits, in order: ops, and steps of what was fused. */
  List<Step> steps() {
    return steps;
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      held.close();
    }
  }

  private Graph several(Control control) {
    for (Control read : controls) {
      if (!OpBuffers.same(read.buffer(), control.buffer())) {
        throw new IllegalArgumentException(
            "run: control: expected the one that the recorded ops read, "
                + read.buffer()
                + ", given "
                + control.buffer());
      }
    }
    if (several == null) {
      several = owned.own(new Graph(context, STEPS + " times " + what, steps, STEPS));
    }
    return several;
  }

  private void enter() {
    context.enter();
    if (!open) {
      throw new IllegalStateException(what + " was closed");
    }
  }
}
