// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The observation models of the tests: all registered ones. */
final class Models {
  private static final List<String> OTHER_SETTINGS =
      List.of(
          "gaussian:sigma=0.1",
          "gaussian:sigma=30",
          "laplace:scale=0.2",
          "student-t:nu=1.5",
          "student-t:nu=30",
          "categorical:levels=7",
          "discretized-logistic:levels=2",
          "discretized-logistic:levels=16",
          "discretized-logistic-mixture:components=1,levels=16",
          "discretized-logistic-mixture:components=3,levels=4",
          "multinomial:total=7",
          "composite:0-=student-t:nu=3");

  private Models() {}

  /** Every model with its defaults, and those with settings with others too. */
  static List<Likelihood> all() {
    return Stream.concat(
            Likelihoods.all().stream(), OTHER_SETTINGS.stream().map(Likelihoods::parse))
        .toList();
  }

  /** Those that are a distribution of one column: a multinomial is one of a row with its total. */
  static List<Likelihood> columns() {
    return all().stream().filter(model -> !(model instanceof Multinomial)).toList();
  }

  /** The number of all parameters: the decoder's outputs and the shared ones. */
  static int count(Likelihood model, int features) {
    return model.parameters(features) + model.shared(features);
  }

  /** Those whose features are independent. */
  static List<FeatureLikelihood> separable() {
    return all().stream()
        .filter(FeatureLikelihood.class::isInstance)
        .map(FeatureLikelihood.class::cast)
        .toList();
  }

  static double[] normal(Random random, int count, double spread) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = spread * random.nextGaussian();
    }
    return values;
  }
}
