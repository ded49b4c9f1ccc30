// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import java.util.List;
import java.util.function.Function;

/**
 * The registry of observation models, from which the command line's names, the table of the
 * documents and the tests are made. A new model is a file and one entry here.
 */
public final class Likelihoods {
  private static final String LOPEZ =
      "Lopez et al. 2018, Deep generative modeling for single-cell transcriptomics";

  private static final String RYBKIN =
      "Rybkin et al. 2021, Simple and effective VAE training with calibrated decoders";

  private static final String HI_VAE =
      "Nazabal et al. 2020, Handling incomplete heterogeneous data using VAEs";

  private static final Setting LEVELS =
      new Setting("levels", 256, "the number of equally spaced values from 0 to 1");

  private static final List<Entry> ENTRIES =
      List.of(
          entry(
              Bernoulli.NAME,
              "0 or 1; grey values allowed, then as cross-entropy",
              "logit",
              "Kingma and Welling 2014, Auto-encoding variational Bayes, appendix C.1",
              settings -> new Bernoulli()),
          entry(
              ContinuousBernoulli.NAME,
              "grey values, as a likelihood",
              "logit",
              "Loaiza-Ganem and Cunningham 2019, The continuous Bernoulli",
              settings -> new ContinuousBernoulli()),
          entry(
              Gaussian.NAME,
              "real values, one fixed standard deviation",
              "mean",
              "Kingma and Welling 2014, Auto-encoding variational Bayes, appendix C.2",
              settings -> new Gaussian(settings[0]),
              new Setting("sigma", 1, "standard deviation")),
          entry(
              GaussianLearned.NAME,
              "real values, mean and variance learned per feature",
              "mean, log variance",
              "Kingma and Welling 2014, Auto-encoding variational Bayes, appendix C.2",
              settings -> new GaussianLearned()),
          entry(
              GaussianShared.NAME,
              "real values, one variance learned for all",
              "mean; shared: log variance",
              RYBKIN,
              settings -> new GaussianShared()),
          entry(
              GaussianOptimal.NAME,
              "real values, one variance set to each batch's optimum: sigma-VAE",
              "mean; shared: log variance",
              RYBKIN,
              settings -> new GaussianOptimal()),
          entry(
              Laplace.NAME,
              "real values with heavier tails than Gaussian, one fixed scale",
              "mean",
              "Kotz, Kozubowski and Podgorski 2001, The Laplace distribution and generalizations",
              settings -> new Laplace(settings[0]),
              new Setting("scale", 1, "mean absolute deviation")),
          entry(
              LaplaceLearned.NAME,
              "real values with heavier tails than Gaussian, scale learned per feature",
              "mean, log scale",
              "Kotz, Kozubowski and Podgorski 2001, The Laplace distribution and generalizations",
              settings -> new LaplaceLearned()),
          entry(
              StudentT.NAME,
              "real values with outliers, scale learned per feature",
              "location, log scale",
              "Lange, Little and Taylor 1989, Robust statistical modeling using the t distribution",
              settings -> new StudentT(settings[0]),
              new Setting("nu", 4, "degrees of freedom")),
          entry(
              Categorical.NAME,
              "levels without order: 0, 1, ..., each feature one",
              "a logit for each level",
              HI_VAE,
              settings ->
                  new Categorical(LikelihoodText.whole(Categorical.NAME, "levels", settings[0])),
              new Setting("levels", 2, "the number of levels")),
          entry(
              DiscretizedLogistic.NAME,
              "8-bit grey values in [0, 1], or other equally spaced ones",
              "mean, log scale",
              "Kingma et al. 2016, Improved variational inference with inverse autoregressive flow",
              settings ->
                  new DiscretizedLogistic(
                      LikelihoodText.whole(DiscretizedLogistic.NAME, "levels", settings[0])),
              LEVELS),
          entry(
              DiscretizedLogisticMixture.NAME,
              "as discretized-logistic, with several modes",
              "a logit for each component, then means, then log scales",
              "Salimans et al. 2017, PixelCNN++",
              settings ->
                  new DiscretizedLogisticMixture(
                      LikelihoodText.whole(
                          DiscretizedLogisticMixture.NAME, "components", settings[0]),
                      LikelihoodText.whole(DiscretizedLogisticMixture.NAME, "levels", settings[1])),
              new Setting("components", 5, "the number of components"),
              LEVELS),
          entry(
              Poisson.NAME,
              "counts",
              "log rate",
              "Sussillo et al. 2016, LFADS: latent factor analysis via dynamical systems",
              settings -> new Poisson()),
          entry(
              NegativeBinomial.NAME,
              "counts, more spread than Poisson",
              "log mean, log inverse dispersion",
              LOPEZ,
              settings -> new NegativeBinomial()),
          entry(
              ZeroInflatedNegativeBinomial.NAME,
              "counts with too many zeros",
              "log mean, log inverse dispersion, logit of a zero",
              LOPEZ,
              settings -> new ZeroInflatedNegativeBinomial()),
          entry(
              Multinomial.NAME,
              "the counts of a row, given their total",
              "logit",
              "Liang et al. 2018, Variational autoencoders for collaborative filtering",
              settings ->
                  new Multinomial(LikelihoodText.whole(Multinomial.NAME, "total", settings[0])),
              new Setting("total", 1, "the total of samples and means")),
          new Entry(
              Composite.NAME,
              "columns of different kinds, as in 0-9=gaussian;10=poisson;11-=bernoulli",
              "those of each part's model",
              HI_VAE,
              List.of(),
              new Composite(
                  List.of(
                      new Composite.Part(0, 0, new GaussianLearned()),
                      new Composite.Part(1, Composite.Part.OPEN, new Bernoulli()))),
              Composite::parse));

  private Likelihoods() {}

  /**
   * A numeric setting of a likelihood.
   *
   * @param name its name in the text form
   * @param standard its default
   * @param description of the setting
   */
  public record Setting(String name, double standard, String description) {}

  /**
   * The entry of an observation model.
   *
   * @param name its name in the text form
   * @param description of x, in one line
   * @param outputs of the decoder for each feature, in their order
   * @param source the publication
   * @param settings its settings, in the order of {@link Likelihood#constants}
   * @param standard the likelihood with all settings at their defaults, or an example of it
   * @param parser makes it from its text form
   */
  public record Entry(
      String name,
      String description,
      String outputs,
      String source,
      List<Setting> settings,
      Likelihood standard,
      Function<String, Likelihood> parser) {
    /** Copies the list. {@inheritDoc} */
    public Entry {
      settings = List.copyOf(settings);
    }
  }

  private static Entry entry(
      String name,
      String description,
      String outputs,
      String source,
      Function<double[], Likelihood> maker,
      Setting... settings) {
    List<Setting> known = List.of(settings);
    Likelihood standard = maker.apply(known.stream().mapToDouble(Setting::standard).toArray());
    return new Entry(
        name,
        description,
        outputs,
        source,
        known,
        standard,
        text -> maker.apply(LikelihoodText.settings(text, known)));
  }

  /**
   * All entries.
   *
   * @return the entries, in the order of the documents
   */
  public static List<Entry> entries() {
    return ENTRIES;
  }

  /**
   * One instance of each observation model, with its default settings.
   *
   * @return the instances, in the order of {@link #entries}
   */
  public static List<Likelihood> all() {
    return ENTRIES.stream().map(Entry::standard).toList();
  }

  /**
   * The likelihood of a description: its name, then settings, as in {@code gaussian:sigma=0.1}.
   *
   * @param text the description
   * @return the likelihood, whose toString is a description of it
   * @throws IllegalArgumentException if there is no such likelihood (the message lists all), or a
   *     setting is unknown, given twice, not a number or out of range
   */
  public static Likelihood parse(String text) {
    String name = LikelihoodText.name(text);
    for (Entry entry : ENTRIES) {
      if (entry.name().equals(name)) {
        return entry.parser().apply(text);
      }
    }
    throw new IllegalArgumentException(
        "unknown likelihood \""
            + name
            + "\"; one of "
            + String.join(", ", ENTRIES.stream().map(Entry::name).toList()));
  }
}
