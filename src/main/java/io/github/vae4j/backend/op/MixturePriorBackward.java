// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of {@link MixturePrior}, for a loss with the term {@code -sum_r g_r logRatio[r]}
 * with {@code g_r = scale beta weight[r]}. The {@link ReparameterizeBackward} that follows adds the
 * gradient of the standard normal part; this op adds the difference. With n_kj = (z - mu)
 * exp(-logvar) and r_k the responsibilities of row r:
 *
 * <ul>
 *   <li>{@code dz[r, j] = dz[r, j] + g_r (sum_k r_k n_kj - z)}
 *   <li>{@code dComponents[k, j] = -sum_r g_r r_k n_kj}
 *   <li>{@code dComponents[k, Z + j] = -sum_r g_r r_k 1/2 (n_kj (z - mu) - 1)}, and 0 where logvar
 *       was outside the clamp
 *   <li>{@code dLogits[k] = -sum_r g_r (r_k - pi_k)}
 * </ul>
 *
 * @param forward the op whose gradient this is
 * @param weight FLOAT32 (R), the importance of each sample; null for 1
 * @param dz FLOAT32 (R, Z), updated
 * @param dComponents FLOAT32 (K, 2Z)
 * @param dLogits FLOAT32 (K); given exactly if the forward op has logits
 * @param control beta
 * @param scale the weight of one sample: 1 / (B L) for a mean over samples and batch
 */
public record MixturePriorBackward(
    MixturePrior forward,
    @Nullable Tensor weight,
    Tensor dz,
    Tensor dComponents,
    @Nullable Tensor dLogits,
    Control control,
    float scale)
    implements Op {
  /** Checks the operands. {@inheritDoc} */
  public MixturePriorBackward {
    Check check = new Check("mixturePriorBackward");
    check
        .given("forward", forward, "the op whose gradient this is")
        .finite("scale", scale)
        .in("z", forward.z(), "*R Z")
        .in("components", forward.components(), "K 2Z")
        .mayIn("logits", forward.logits(), "K")
        .in("responsibilities", forward.responsibilities(), "*R K")
        .mayIn("weight", weight, "*R")
        .out("dz", dz, "*R Z")
        .out("dComponents", dComponents, "K 2Z")
        .mayOut("dLogits", dLogits, "K")
        .control(control);
    if ((forward.logits() == null) != (dLogits == null)) {
      throw check.wrong(
          "dLogits",
          dLogits == null ? "a tensor, as logits are one" : "null, as logits are",
          dLogits == null ? "null" : dLogits);
    }
    check.done();
  }
}
