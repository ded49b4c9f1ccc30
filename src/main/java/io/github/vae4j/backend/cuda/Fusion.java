package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.RecordMetrics;
import io.github.vae4j.tensor.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Neighbours in a recording that take fewer launches together. The ops stay as they are; a fused
 * group leaves in every buffer that an op names what the ops one by one would leave.
 *
 * <ul>
 *   <li>{@link GlobalNorm}, {@link RecordMetrics}, {@link AdamUpdate} of the same step: one launch,
 *       the same bits.
 *   <li>The {@link DenseBackward} of a layer, then that of the ReLU layer below it: the product
 *       that makes the input gradient multiplies by the ReLU's derivative and sums the bias
 *       gradient (cuBLASLt's DRELU_BGRAD), by a bit mask that the forward product left
 *       (RELU_AUX_BIAS). Where cuBLASLt takes the same algorithm with and without its epilogue, the
 *       gradients dv are the same bits; the bias gradient is the same sum in cuBLASLt's order.
 *       Where dy is not finite and the ReLU was off, dv is 0 and not NaN.
 *   <li>The weight gradient of a {@link DenseBackward} runs beside what follows, until an op names
 *       what it writes or may write what it reads: the same bits.
 * </ul>
 */
final class Fusion {
  /** With this system property false, a recorded step has one line. */
  static final String BRANCH_PROPERTY = "vae4j.cuda.branch";

  private final Planner planner;
  private final List<CudaOp> ops;
  private final Map<Integer, Step> forward = new HashMap<>();
  private final Map<Integer, Step> inputGradients = new HashMap<>();

  /** Backward passes whose weight gradients run beside the steps that are added. */
  private final List<DenseBackward> beside = new ArrayList<>();

  private final List<Step> steps = new ArrayList<>();
  private final boolean branches = !"false".equals(System.getProperty(BRANCH_PROPERTY));
  private @Nullable Branch branch;

  private Fusion(Planner planner, List<CudaOp> ops) {
    this.planner = planner;
    this.ops = ops;
  }

  /**
   * The steps of a recording.
   *
   * @param planner plans what is fused and owns it
   * @param ops in their order
   * @return steps to submit in order: ops as they are, and fused groups
   */
  static List<Step> of(Planner planner, List<CudaOp> ops) {
    Fusion fusion = new Fusion(planner, ops);
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
      } else if (forward.containsKey(at)) {
        steps.add(forward.get(at));
      } else if (op(at) instanceof DenseBackward backward) {
        addBackward(at, backward);
      } else {
        steps.add(ops.get(at));
      }
    }
    join();
    return steps;
  }

  private void addBackward(int at, DenseBackward op) {
    boolean fork = branches && op.dx() != null;
    DensePlans.Backward parts =
        DensePlans.backward(
            planner, op, inputGradients.containsKey(at - 1), inputGradients.get(at), fork);
    steps.addAll(parts.before());
    if (fork) {
      Branch second = branch == null ? new Branch(planner.context(), planner.arena()) : branch;
      branch = second;
      steps.add(second.beside(parts.weightGradient()));
      beside.add(op);
    } else {
      steps.add(parts.weightGradient());
    }
    steps.addAll(parts.after());
  }

  /** Joins the branch where the op at a place, or one that is fused with it, depends on it. */
  private void joinBefore(int at) {
    int fused = op(at) instanceof GlobalNorm ? 2 : inputGradients.containsKey(at) ? 1 : 0;
    int last = Math.min(at + fused, ops.size() - 1);
    for (int next = at; next <= last; next++) {
      for (DenseBackward other : beside) {
        if (depends(op(next), other)) {
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

  /** Whether an op names what a weight gradient writes, or may write what it reads. */
  static boolean depends(Op op, DenseBackward other) {
    if (OpBuffers.names(op, other.dWeight()) || OpBuffers.names(op, other.dBias())) {
      return true;
    }
    if (op instanceof DenseBackward next) {
      Buffer dx = next.dx();
      return writes(next.dy(), other)
          || writes(next.dWeight(), other)
          || writes(next.dBias(), other)
          || (dx != null && writes(dx, other));
    }
    return OpBuffers.names(op, other.x()) || OpBuffers.names(op, other.dy());
  }

  private static boolean writes(Buffer written, DenseBackward other) {
    return OpBuffers.overlap(written, other.x()) || OpBuffers.overlap(written, other.dy());
  }

  /** The norm, metrics and update of one step as one launch; null if they are not what is here. */
  private @Nullable Step update(int at) {
    if (at + 2 < ops.size()
        && op(at) instanceof GlobalNorm norm
        && op(at + 1) instanceof RecordMetrics metrics
        && op(at + 2) instanceof AdamUpdate adam
        && OpBuffers.same(norm.gradients(), adam.gradients())
        && OpBuffers.same(norm.norm(), adam.norm())
        && OpBuffers.same(norm.norm(), metrics.norm())
        && OpBuffers.same(metrics.status(), adam.status())
        && OpBuffers.same(metrics.control().buffer(), adam.control().buffer())) {
      return OptimizerPlans.update(planner, metrics, adam);
    }
    return null;
  }

  /** Joins the layer whose backward pass is here to the ReLU layer below, whose pass is next. */
  private void tryRelu(int at) {
    if (!(op(at) instanceof DenseBackward above) || !(op(at + 1) instanceof DenseBackward below)) {
      return;
    }
    Buffer dx = above.dx();
    if (dx == null
        || below.activation() != Activation.RELU
        || above.batch() != below.batch()
        || above.inputs() != below.outputs()
        || !OpBuffers.same(dx, below.dy())
        || !OpBuffers.same(above.x(), below.y())) {
      return;
    }
    int made = forwardOf(below.y(), at);
    if (made < 0 || forward.containsKey(made)) {
      return;
    }
    Dense layer = (Dense) op(made);
    long mask = planner.scratch(DensePlans.maskBytes(planner, layer));
    ProductPlans.Timed masking = DensePlans.forwardWithMask(planner, layer, mask);
    if (masking == null) {
      return;
    }
    ProductPlans.Timed gradient =
        DensePlans.inputGradientThroughRelu(planner, above, dx, below, mask);
    if (gradient == null) {
      return;
    }
    if (planner.measures()
        && masking.micros() + gradient.micros()
            > DensePlans.forwardTimed(planner, layer).micros()
                + DensePlans.apartMicros(planner, above, dx, below)) {
      return;
    }
    forward.put(made, masking.step());
    inputGradients.put(at, gradient.step());
  }

  /**
   * The place before {@code end} of the ReLU layer that y is of; -1 where that is not certain: the
   * last op that names y's memory, but for the layer above, which reads it, must be that layer.
   */
  private int forwardOf(Buffer y, int end) {
    for (int at = end - 1; at >= 0; at--) {
      if (op(at) instanceof Dense layer) {
        if (layer.activation() == Activation.RELU && OpBuffers.same(layer.y(), y)) {
          return at;
        }
        if (OpBuffers.same(layer.x(), y) && !OpBuffers.overlap(layer.y(), y)) {
          continue;
        }
      }
      if (OpBuffers.names(op(at), y)) {
        return -1;
      }
    }
    return -1;
  }

  private Op op(int at) {
    return ops.get(at).op();
  }
}
