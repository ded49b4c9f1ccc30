// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.cli.run.Numbers;
import io.github.vae4j.cli.run.Report;
import io.github.vae4j.infer.InferenceConfig;
import io.github.vae4j.infer.InferenceConfig.Start;
import io.github.vae4j.infer.OptimizedCodes;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the optimisation of each row's posterior. */
public final class InferenceOptions {
  @Option(
      names = "--inference-steps",
      paramLabel = "N",
      description =
          "Steps of a round of the optimisation of each row's posterior (default 100); a row that is"
              + " still far has up to 12 rounds.")
  private @Nullable Integer steps;

  @Option(
      names = "--inference-lr",
      paramLabel = "RATE",
      description = "Its first learning rate; the last is a hundredth of it (default 0.1).")
  private @Nullable Double learningRate;

  @Option(
      names = "--inference-samples",
      paramLabel = "L",
      description = "Its Monte-Carlo samples per row and step (default 4).")
  private @Nullable Integer samples;

  /**
   * The configuration.
   *
   * @param wanted whether optimisation is requested
   * @param flag the option that requests it
   * @param start the start of the optimisation
   * @param seed of its noise
   * @return null if it is not requested
   */
  public @Nullable InferenceConfig config(boolean wanted, String flag, Start start, long seed) {
    if (!wanted) {
      refuse("--inference-steps", steps, flag);
      refuse("--inference-lr", learningRate, flag);
      refuse("--inference-samples", samples, flag);
      return null;
    }
    InferenceConfig base = InferenceConfig.defaults();
    if (steps != null && steps < 1) {
      throw new IllegalArgumentException("--inference-steps: expected 1 or more, given " + steps);
    }
    if (samples != null && samples < 1) {
      throw new IllegalArgumentException(
          "--inference-samples: expected 1 or more, given " + samples);
    }
    if (learningRate != null && !(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "--inference-lr: expected a number above 0, given " + learningRate);
    }
    return new InferenceConfig(
        steps == null ? base.steps() : steps,
        learningRate == null ? base.learningRate() : learningRate,
        base.decay(),
        samples == null ? base.samples() : samples,
        base.scoringSamples(),
        start,
        seed);
  }

  /**
   * Says how many rows had not arrived, if any.
   *
   * @param found the optimised posteriors
   * @param report receives the remark
   */
  public static void remark(OptimizedCodes found, Report report) {
    if (found.unconverged() > 0) {
      report.remark(
          String.format(
                  Locale.ROOT,
                  "the optimisation of %d of %s had not converged, so that their bounds are too low: give more",
                  found.unconverged(),
                  Numbers.plural(found.after().length, "row"))
              + " --inference-steps or a higher --inference-lr");
    }
  }

  /**
   * Refuses an option of the optimisation without the option that requests it.
   *
   * @param name the option
   * @param value its value; null if it was not given
   * @param flag the option that is missing
   */
  public static void refuse(String name, @Nullable Object value, String flag) {
    if (value != null) {
      throw new IllegalArgumentException(name + ": needs " + flag + ", which was not given");
    }
  }
}
