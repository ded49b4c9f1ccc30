// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * One Adam step over all parameters (Kingma and Ba 2015, algorithm 1; decoupled decay: Loshchilov
 * and Hutter 2019); where {@code status[0]} is 0, nothing is updated but the counts of skipped
 * steps. With t = state[0] + 1, c = min(1, clipNorm / norm) (1 where clipNorm is 0), lr from the
 * control block:
 *
 * <ul>
 *   <li>{@code g = c gradient}, plus {@code weightDecay p} if the decay is not decoupled
 *   <li>{@code p = p - lr weightDecay p} if the decay is decoupled
 *   <li>{@code m = beta1 m + (1 - beta1) g}, {@code v = beta2 v + (1 - beta2) g^2}
 *   <li>{@code p = p - lr m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)}
 *   <li>{@code average = emaDecay average + (1 - emaDecay) p}
 * </ul>
 *
 * @param parameters FLOAT32 (N)
 * @param gradients FLOAT32 (N)
 * @param m FLOAT32 (N)
 * @param v FLOAT32 (N)
 * @param average FLOAT32 (N), the exponential moving average of p; null for none
 * @param norm FLOAT64 (1), from {@link GlobalNorm}
 * @param status FLOAT64 (1), from {@link RecordMetrics}
 * @param state FLOAT64 (3): the numbers of steps applied, of steps skipped, and of consecutive
 *     steps skipped last
 * @param control has the learning rate
 * @param beta1 decay of m
 * @param beta2 decay of v
 * @param epsilon added to the root
 * @param weightDecay the decay's factor; 0 for none
 * @param decoupled true for AdamW
 * @param clipNorm the greatest norm, to which a greater one is scaled; 0 for no clipping
 * @param emaDecay the average's decay
 */
public record AdamUpdate(
    Tensor parameters,
    Tensor gradients,
    Tensor m,
    Tensor v,
    @Nullable Tensor average,
    Tensor norm,
    Tensor status,
    Tensor state,
    Control control,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    boolean decoupled,
    double clipNorm,
    double emaDecay)
    implements Op {
  /** Checks the operands. {@inheritDoc} */
  public AdamUpdate {
    new Check("adam")
        .fraction("beta1", beta1, false)
        .fraction("beta2", beta2, false)
        .fraction("emaDecay", emaDecay, true)
        .finiteNotNegative("epsilon", epsilon)
        .finiteNotNegative("weightDecay", weightDecay)
        .finiteNotNegative("clipNorm", clipNorm)
        .out("parameters", parameters, "N")
        .in("gradients", gradients, "N")
        .out("m", m, "N")
        .out("v", v, "N")
        .mayOut("average", average, "N")
        .in64("norm", norm, "1")
        .in64("status", status, "1")
        .out64("state", state, "3")
        .control(control)
        .done();
  }

  @Override
  public String name() {
    return "adam";
  }

  /**
   * The greatest norm of a gradient whose update is finite. An element of the gradient is at most
   * its norm; beyond 2^64 its square, and so v, is beyond the range of FLOAT32, and the update NaN.
   * The bound is 2^63, so that the square is four times below that range in any order of rounding.
   * Clipping scales a greater norm before it is squared.
   *
   * @param clipNorm the greatest norm, to which a greater one is scaled; 0 for no clipping
   * @return the bound of {@link RecordMetrics}, beyond which a step is skipped
   */
  public static double mostNorm(double clipNorm) {
    return clipNorm > 0 && clipNorm <= MOST_NORM ? Double.MAX_VALUE : MOST_NORM;
  }

  private static final double MOST_NORM = 0x1p63;

  /** Index in state of the number of steps applied. */
  public static final int APPLIED = 0;

  /** Index in state of the number of steps skipped. */
  public static final int SKIPPED = 1;

  /** Index in state of the number of steps skipped since the last one applied. */
  public static final int SKIPPED_IN_A_ROW = 2;
}
