// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.bench;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.OpOperands;
import io.github.vae4j.metrics.Quantiles;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Times each op of a step as a program of its own. Where a backend fuses ops or runs them beside
 * each other, the times add up to more than a step.
 */
final class OpTimes {
  /** Runs that last so long are timed as one, so that a wait for a device does not count. */
  private static final double SPAN_NANOS = 2e7;

  private static final int MAX_RUNS = 1000;
  private static final int PASSES = 5;

  private final Backend backend;

  OpTimes(Backend backend) {
    this.backend = backend;
  }

  /**
   * Times ops whose operands have the values of a step; their results are written again. All ops
   * are timed in each of several passes, so that a change of the machine's speed meets all of them.
   */
  List<OpTime> of(List<Op> ops) {
    try (Arena programs = new Arena()) {
      List<Timing> timings = new ArrayList<>();
      for (Op op : ops) {
        Program program = programs.own(backend.compile(List.of(op)));
        nanos(program, 1);
        int runs = (int) Math.max(1, Math.min(MAX_RUNS, SPAN_NANOS / nanos(program, 1)));
        timings.add(new Timing(op, program, runs, new double[PASSES]));
      }
      for (int pass = 0; pass < PASSES; pass++) {
        for (Timing timing : timings) {
          timing.nanos[pass] = nanos(timing.program, timing.runs) / timing.runs;
        }
      }
      return timings.stream().map(Timing::result).toList();
    }
  }

  /** The nanoseconds of a run in each pass. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Timing(Op op, Program program, int runs, double[] nanos) {
    OpTime result() {
      double median = Quantiles.median(nanos);
      return new OpTime(op.name(), shapes(op), median / 1e3, 2 * op.products() / median);
    }
  }

  private double nanos(Program program, int runs) {
    backend.synchronize();
    long start = System.nanoTime();
    for (int i = 0; i < runs; i++) {
      program.run();
    }
    backend.synchronize();
    return System.nanoTime() - start;
  }

  /** The shapes of x and y, else of the first operand; for a gradient those of its forward op. */
  private static String shapes(Op op) {
    Map<String, Tensor> tensors = OpOperands.tensors(op);
    Tensor x = tensors.get("x");
    Tensor y = tensors.get("y");
    if (x != null && y != null) {
      return shape(x) + " to " + shape(y);
    }
    return tensors.values().stream().findFirst().map(OpTimes::shape).orElse("");
  }

  private static String shape(Tensor tensor) {
    return Arrays.stream(tensor.shape())
        .mapToObj(Integer::toString)
        .collect(Collectors.joining("x"));
  }
}
