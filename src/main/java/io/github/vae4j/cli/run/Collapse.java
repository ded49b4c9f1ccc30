// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.model.VaeSpec;
import java.util.Locale;

/** The remark on posterior collapse: a model whose codes say nothing of their rows. */
public final class Collapse {
  /** A KL, in nats, with which no dimension can be active: one has 0.005 nats or more. */
  private static final double LEAST_KL = 0.005;

  /** Grey values of 0 to 1 with a standard deviation that does not hide the image. */
  private static final String NARROW = "gaussian:sigma=0.1";

  /** So many dimensions are few for images. */
  private static final int FEW = 4;

  private Collapse() {}

  /**
   * Whether the KL of an epoch is too low for an active dimension.
   *
   * @param kl the mean KL of a row, nats
   * @return false if the KL is not known
   */
  static boolean shows(double kl) {
    return kl < LEAST_KL;
  }

  /**
   * The remark.
   *
   * @param model none of whose latent dimensions is active
   * @return the text, with the remedies for such a model
   */
  public static String remark(VaeSpec model) {
    int latent = model.latent();
    return String.format(
            Locale.ROOT,
            "warning: 0 of %s active: the codes say nothing of their rows (posterior collapse). Try",
            latent == 1 ? "1 latent dimension is" : latent + " latent dimensions are")
        + " --kl-warmup 10, --free-bits 0.1 or a lower --beta,"
        + (model.image() == null ? ofNumbers(model) : ofImages(model));
  }

  private static String ofNumbers(VaeSpec model) {
    return (model.schema() == null ? " scale the columns to mean 0 and standard deviation 1," : "")
        + " or take a smaller decoder";
  }

  /** A wide p(x|z), fixed or learned, explains an image without its code. */
  private static String ofImages(VaeSpec model) {
    String text = model.likelihood().toString();
    boolean wide = text.startsWith("gaussian") && !text.equals(NARROW);
    return (wide ? " a small fixed variance (--likelihood " + NARROW + ")," : "")
        + (model.latent() > FEW ? " fewer dimensions (--latent " + model.latent() / 2 + ")," : "")
        + " or a smaller --decoder";
  }
}
