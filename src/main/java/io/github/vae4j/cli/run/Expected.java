// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.data.DataNames;
import io.github.vae4j.data.OpenOptions;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.model.VaeSpec;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a model takes.
 *
 * @param names of its columns and classes
 * @param counts whether it has columns of counts, so that unsigned bytes are no grey values
 */
public record Expected(DataNames names, boolean counts) {
  private static final int COLUMNS = 4096;

  /**
   * The rows of a model.
   *
   * @param model the model
   * @return their description
   */
  public static Expected of(VaeSpec model) {
    return new Expected(model.names(), counts(model.likelihood()));
  }

  /**
   * The rows of a model that is to be made for them.
   *
   * @param likelihood the model's; null if it is chosen by the values
   * @return their description
   */
  public static Expected ofNew(@Nullable Likelihood likelihood) {
    return new Expected(DataNames.NONE, likelihood != null && counts(likelihood));
  }

  private static boolean counts(Likelihood likelihood) {
    return IntStream.range(0, COLUMNS)
        .anyMatch(column -> likelihood.supports(column, 2) && !likelihood.supports(column, 0.5));
  }

  /**
   * The options of opening such rows.
   *
   * @param missing whether rows may have missing values
   * @return the options
   */
  public OpenOptions options(boolean missing) {
    return OpenOptions.defaults().withCounts(counts).withMissing(missing);
  }
}
