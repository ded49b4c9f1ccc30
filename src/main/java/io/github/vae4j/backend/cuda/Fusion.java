// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.cuda.driver.Branch;
import io.github.vae4j.backend.cuda.driver.Step;
import io.github.vae4j.backend.cuda.lt.Timed;
import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.RecordMetrics;
import io.github.vae4j.dispatch.SealedTable;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plans the ops of a program and fuses neighbours into fewer launches. A fused group writes the
 * same values as the single ops to every buffer that an op names.
 *
 * <ul>
 *   <li>{@link GlobalNorm}, {@link RecordMetrics}, {@link AdamUpdate} of the same step: one launch,
 *       the same bits.
 *   <li>The {@link DenseBackward} of a layer, then that of the ReLU layer below it: the product of
 *       the input gradient multiplies by the ReLU's derivative and sums the bias gradient
 *       (cuBLASLt's DRELU_BGRAD), by a bit mask from the forward product (RELU_AUX_BIAS). If
 *       cuBLASLt uses the same algorithm with and without the epilogue, the gradients dv have the
 *       same bits; the bias gradient is the same sum in cuBLASLt's order. Where dy is not finite
 *       and the ReLU's output is 0, dv is 0 and not NaN.
 *   <li>The weight gradient of a {@link DenseBackward} runs parallel to the following ops, up to
 *       the first one that names its results or may write its factors: the same bits.
 * </ul>
 */
final class Fusion {
  /** With this system property false, a program has no branches. */
  static final String BRANCH_PROPERTY = "vae4j.cuda.branch";

  private final Planner planner;
  private final List<Op> ops;
  private final SealedTable<Op, Planner, List<Step>> plans;

  /** Layers that write a mask, and input gradients that use it, by their places in the list. */
  private final Map<Integer, List<Step>> masking = new HashMap<>();

  private final Map<Integer, List<Step>> masked = new HashMap<>();

  /** Backward passes whose weight gradients run parallel to the steps that are added next. */
  private final List<DenseBackward> beside = new ArrayList<>();

  private final List<Step> steps = new ArrayList<>();
  private final boolean branches = !"false".equals(System.getProperty(BRANCH_PROPERTY));
  private @Nullable Branch branch;

  private Fusion(Planner planner, List<Op> ops, SealedTable<Op, Planner, List<Step>> plans) {
    this.planner = planner;
    this.ops = ops;
    this.plans = plans;
  }

  /**
   * The steps of a program.
   *
   * @param planner plans the steps and owns them
   * @param ops in their order
   * @param plans plans an op that is not fused
   * @return steps to submit in order
   */
  static List<Step> of(Planner planner, List<Op> ops, SealedTable<Op, Planner, List<Step>> plans) {
    Fusion fusion = new Fusion(planner, ops, plans);
    for (int at = 0; at + 1 < ops.size(); at++) {
      fusion.tryRelu(at);
    }
    return fusion.steps();
  }

  private List<Step> steps() {
    for (int at = 0; at < ops.size(); at++) {
      joinBefore(at);
      Step update = update(at);
      if (update != null) {
        steps.add(update);
        at += 2;
      } else if (masking.containsKey(at)) {
        steps.addAll(masking.get(at));
      } else if (ops.get(at) instanceof DenseBackward backward && isParted(at, backward)) {
        addParts(at, backward);
      } else {
        steps.addAll(planned(ops.get(at)));
      }
    }
    join();
    return steps;
  }

  /** Whether a part of a backward pass is fused with another one, or parallel to other steps. */
  private boolean isParted(int at, DenseBackward op) {
    return masked.containsKey(at - 1) || masked.containsKey(at) || (branches && op.dx() != null);
  }

  private void addParts(int at, DenseBackward op) {
    boolean fork = branches && op.dx() != null;
    DensePlans.Backward parts =
        DensePlans.backward(planner, op, masked.containsKey(at - 1), masked.get(at), fork);
    steps.addAll(parts.before());
    if (fork) {
      Branch second =
          branch == null ? new Branch(planner.gpu().context(), planner.arena()) : branch;
      branch = second;
      parts.weightGradient().forEach(step -> steps.add(second.beside(step)));
      beside.add(op);
    } else {
      steps.addAll(parts.weightGradient());
    }
    steps.addAll(parts.after());
  }

  /**
   * Joins the branch before the op at a place, if that op, or one fused with it, depends on the
   * branch.
   */
  private void joinBefore(int at) {
    int fused = ops.get(at) instanceof GlobalNorm ? 2 : masked.containsKey(at) ? 1 : 0;
    int last = Math.min(at + fused, ops.size() - 1);
    for (int next = at; next <= last; next++) {
      for (DenseBackward other : beside) {
        if (depends(ops.get(next), other)) {
          join();
          return;
        }
      }
    }
  }

  private void join() {
    if (branch != null && !beside.isEmpty()) {
      steps.add(branch.join());
      beside.clear();
    }
  }

  /** Whether an op names the results of a weight gradient, or may write its factors. */
  static boolean depends(Op op, DenseBackward other) {
    return OpMemory.names(op, other.dWeight())
        || OpMemory.names(op, other.dBias())
        || OpMemory.mayWrite(op, other.forward().x())
        || OpMemory.mayWrite(op, other.dy());
  }

  /**
   * The norm, metrics and update of one step as one launch; null if other ops are at this place.
   */
  private @Nullable Step update(int at) {
    if (at + 2 < ops.size()
        && ops.get(at) instanceof GlobalNorm norm
        && ops.get(at + 1) instanceof RecordMetrics metrics
        && ops.get(at + 2) instanceof AdamUpdate adam
        && same(norm.gradients(), adam.gradients())
        && same(norm.norm(), adam.norm())
        && same(norm.norm(), metrics.norm())
        && same(metrics.status(), adam.status())
        && metrics.control().buffer().same(adam.control().buffer())) {
      return OptimizerPlans.update(planner, metrics, adam);
    }
    return null;
  }

  private static boolean same(Tensor one, Tensor other) {
    return one.buffer().same(other.buffer());
  }

  /**
   * Fuses the backward pass of a layer at this place with that of the ReLU layer below, which is
   * next.
   */
  private void tryRelu(int at) {
    if (!(ops.get(at) instanceof DenseBackward above)
        || !(ops.get(at + 1) instanceof DenseBackward below)) {
      return;
    }
    Dense layer = below.forward();
    Tensor dx = above.dx();
    if (dx == null
        || layer.activation() != Activation.RELU
        || !same(dx, below.dy())
        || !same(above.forward().x(), layer.y())
        || dx.rows() != layer.y().rows()
        || OpMemory.names(above, below.dBias())) {
      return;
    }
    int made = madeBefore(at, layer, above.forward());
    if (made < 0 || masking.containsKey(made)) {
      return;
    }
    long mask = planner.scratch(DensePlans.maskBytes(planner, layer));
    Timed leaving = DensePlans.forwardWithMask(planner, layer, mask);
    if (leaving == null) {
      return;
    }
    Timed using = DensePlans.inputGradientThroughRelu(planner, above, dx, below, mask);
    if (using == null) {
      return;
    }
    if (planner.measures()
        && leaving.micros() + using.micros()
            > DensePlans.forwardTimed(planner, layer).micros()
                + DensePlans.apartMicros(planner, above, dx, below)) {
      return;
    }
    masking.put(made, leaving.steps());
    masked.put(at, using.steps());
  }

  /**
   * The place before {@code end} of a layer whose output is the same at {@code end}; -1 if that is
   * not certain, because an op in between may write it. The layer that has it as its input does not
   * write it.
   */
  private int madeBefore(int end, Dense layer, Dense reader) {
    for (int at = end - 1; at >= 0; at--) {
      Op op = ops.get(at);
      if (op == layer) {
        return at;
      }
      if (op != reader && OpMemory.mayWrite(op, layer.y())) {
        return -1;
      }
    }
    return -1;
  }

  private List<Step> planned(Op op) {
    return Program.planning(op, () -> plans.apply(planner, op));
  }
}
