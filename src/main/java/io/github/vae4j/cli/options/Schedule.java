// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.train.TrainConfig.LearningRate;
import io.github.vae4j.train.TrainConfig.LearningRate.Shape;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The curve of the learning rate after its warm-up.
 *
 * @param shape the curve
 * @param epochs for STEP: epochs between drops
 * @param factor for STEP: the factor of a drop; for COSINE: the last factor
 */
record Schedule(Shape shape, int epochs, double factor) {
  private static final Pattern STEP = Pattern.compile("step:(\\d{1,9}):(\\d*\\.?\\d+)");

  /** Reads {@code constant}, {@code cosine}, {@code burda}, {@code step} or {@code step:30:0.1}. */
  static Schedule parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "constant" -> of(LearningRate.constant());
      case "cosine" -> new Schedule(Shape.COSINE, 1, 0);
      case "burda" -> new Schedule(Shape.BURDA, 1, 1);
      case "step" -> new Schedule(Shape.STEP, 10, 0.1);
      default -> step(lower);
    };
  }

  static Schedule of(LearningRate rate) {
    return new Schedule(rate.shape(), rate.stepEpochs(), rate.factor());
  }

  LearningRate withWarmup(int steps) {
    return new LearningRate(shape, steps, epochs, factor);
  }

  private static Schedule step(String text) {
    Matcher match = STEP.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException(
          "expected constant, cosine, burda, step or step:EPOCHS:FACTOR, given \"" + text + "\"");
    }
    double factor = Double.parseDouble(match.group(2));
    return of(new LearningRate(Shape.STEP, 0, Integer.parseInt(match.group(1)), factor));
  }
}
