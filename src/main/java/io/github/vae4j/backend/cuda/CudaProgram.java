// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.OpenOperands;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.cuda.driver.CudaContext;
import io.github.vae4j.backend.cuda.driver.Graph;
import io.github.vae4j.backend.cuda.driver.OpenObjects;
import io.github.vae4j.backend.cuda.driver.Step;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.OpOperands;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Turn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a list of ops. A single step is submitted directly. Several steps are recorded in
 * CUDA graphs: one of the list, and one, made at its first use, of {@link #RUNS} times the list,
 * where each repetition reads the control block of its number. Addresses are fixed in a graph;
 * values that change between runs are read from the control.
 */
final class CudaProgram implements Program {
  /**
   * The number of runs of a long graph. A launch costs the host several microseconds, which is
   * little per step for eight runs; a request to stop takes effect after at most eight steps.
   */
  static final int RUNS = 8;

  private final CudaContext context;
  private final Arena owned = new Arena();
  private final String name;
  private final List<Step> steps;
  private final List<Control> controls;
  private final @Nullable Graph one;
  private final Turn turn;
  private final OpenOperands operands;
  private final OpenObjects.Held held;
  private @Nullable Graph several;
  private boolean open = true;

  /**
   * A program.
   *
   * @param name of the op, or of the list, for messages
   * @param planner that planned the steps; the program takes over its arena
   * @param steps in their order
   * @param ops of the steps
   * @param objects counts the program
   */
  CudaProgram(String name, Planner planner, List<Step> steps, List<Op> ops, OpenObjects objects) {
    this.name = name;
    this.context = planner.gpu().context();
    this.steps = List.copyOf(steps);
    this.controls = ops.stream().flatMap(OpOperands::controls).distinct().toList();
    this.turn = objects.turn();
    this.operands = new OpenOperands(name, ops, turn);
    owned.own(planner.arena());
    boolean direct = context.synchronous() || steps.size() == 1;
    this.one = direct ? null : owned.own(new Graph(context, name, steps, 1));
    this.held = objects.hold(this, name, owned);
  }

  @Override
  public void run() {
    try (Turn taken = turn.take()) {
      enter();
      if (one == null) {
        steps.forEach(step -> step.submit(0));
      } else {
        one.launch();
      }
    }
  }

  @Override
  public int runsPerCall() {
    return one == null ? 1 : RUNS;
  }

  @Override
  public void run(Control control, int runs) {
    if (runs != RUNS || one == null) {
      Program.super.run(control, runs);
      return;
    }
    try (Turn taken = turn.take()) {
      enter();
      Graph graph = several(control);
      control.uploadAll(RUNS);
      graph.launch();
    }
  }

  /** The submissions of a run, in order. */
  List<Step> steps() {
    return steps;
  }

  @Override
  public void close() {
    try (Turn taken = turn.takeToFree()) {
      if (open) {
        open = false;
        held.close();
      }
    }
  }

  private Graph several(Control control) {
    for (Control read : controls) {
      if (!read.buffer().same(control.buffer())) {
        throw new IllegalArgumentException(
            "run: control: expected the one that the program's ops read, "
                + read.buffer()
                + ", given "
                + control.buffer());
      }
    }
    if (several == null) {
      several = owned.own(new Graph(context, RUNS + " times " + name, steps, RUNS));
    }
    return several;
  }

  private void enter() {
    context.enter();
    if (!open) {
      throw new IllegalStateException(name + " was closed");
    }
    operands.requireOpen();
  }
}
