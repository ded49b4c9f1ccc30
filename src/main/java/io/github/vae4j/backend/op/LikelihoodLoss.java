// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The negative log-likelihood of each row and, in the same pass, its gradient: row r of the
 * parameters belongs to row b = r / samples of x. {@code nll[r] = -log p(x[b] | parameters[r],
 * shared)} in nats, summed over the features whose mask is 1; {@code dParameters[r] = scale w[r] d
 * nll[r] / d parameters[r]}; {@code dShared = scale sum_r w[r] d nll[r] / d shared}. The nll itself
 * is not weighted. A missing feature adds nothing to the nll and its gradient is 0; its x is not
 * used and may be NaN. A row of weight 0 has gradient 0.
 *
 * <p>The shared log variance of a {@link io.github.vae4j.likelihood.GaussianOptimal} block is set
 * first if a gradient is computed: to the log of the sum of w[r] times squared error over the
 * block's observed features of all rows, divided by the sum of w[r] over the same features. It does
 * not change if that is not finite. Its gradient is 0.
 *
 * @param likelihood the observation model
 * @param parameters FLOAT32 (B, L, P), P = likelihood.parameters(D)
 * @param shared FLOAT32 (likelihood.shared(D)); null where that is 0
 * @param x FLOAT32 (B, D)
 * @param mask FLOAT32 (B, D), 0 where a feature is missing, else 1; null if none is missing
 * @param rowWeight FLOAT32 w: (B), or (B, L) for one weight per sample; null for 1
 * @param nll FLOAT32 (B, L)
 * @param dParameters FLOAT32 like parameters, may be the same tensor; null for no gradient
 * @param dShared FLOAT32 like shared; null for no gradient
 * @param scale the weight of all rows: 1 / (B L) for a mean over samples and batch
 */
public record LikelihoodLoss(
    Likelihood likelihood,
    Tensor parameters,
    @Nullable Tensor shared,
    Tensor x,
    @Nullable Tensor mask,
    @Nullable Tensor rowWeight,
    Tensor nll,
    @Nullable Tensor dParameters,
    @Nullable Tensor dShared,
    float scale)
    implements Op {
  /** Checks the operands. {@inheritDoc} */
  public LikelihoodLoss {
    Check check = new Check("likelihood");
    check
        .given("likelihood", likelihood, "a likelihood")
        .given("parameters", parameters, "a tensor")
        .finite("scale", scale)
        .in("x", x, "B D")
        .out("nll", nll, "B L");
    int features = check.size("D");
    checkShared(check, likelihood, features, shared, dParameters, dShared);
    check
        .size("P", likelihood.parameters(features))
        .mayIn("mask", mask, "B D")
        .mayIn("rowWeight", rowWeight, rowWeight != null && rowWeight.rank() == 1 ? "B" : "B L");
    if (dParameters != null && parameters.buffer().same(dParameters.buffer())) {
      check.out("parameters", parameters, "B L P");
      if (!Arrays.equals(dParameters.shape(), parameters.shape())) {
        throw check.wrong("dParameters", "the shape of parameters, " + parameters, dParameters);
      }
    } else {
      check.in("parameters", parameters, "B L P").mayOut("dParameters", dParameters, "B L P");
    }
    check.done();
  }

  /**
   * Checks that shared parameters are given exactly if the likelihood has some, and their gradient
   * exactly if that of the parameters is.
   */
  private static void checkShared(
      Check check,
      Likelihood likelihood,
      int features,
      @Nullable Tensor shared,
      @Nullable Tensor dParameters,
      @Nullable Tensor dShared) {
    int count = likelihood.shared(features);
    boolean gradient = dParameters != null;
    if (count > 0 && shared == null) {
      throw check.wrong("shared", count + " parameters of " + likelihood, "null");
    } else if (count == 0 && shared != null) {
      throw check.wrong("shared", "null, as " + likelihood + " has none", shared);
    }
    if (dShared == null && count > 0 && gradient) {
      throw check.wrong("dShared", "a tensor, as dParameters is one", "null");
    } else if (dShared != null && !(count > 0 && gradient)) {
      throw check.wrong("dShared", "null, as there is no such gradient", dShared);
    }
    check.size("S", count);
    if (gradient) {
      check.mayOut("shared", shared, "S").mayOut("dShared", dShared, "S");
    } else {
      check.mayIn("shared", shared, "S");
    }
  }

  @Override
  public String name() {
    return "likelihood";
  }
}
