package io.github.vae4j.likelihood;

import java.util.List;
import java.util.function.Function;

/**
 * The registry of observation models: the command line's names, the documents' table and the tests
 * come from it. A new model is a file of its own and one entry here.
 */
public final class Likelihoods {
  private static final List<Entry> ENTRIES =
      List.of(
          new Entry(
              Bernoulli.NAME,
              "0 or 1 by a logit; grey values allowed, then as cross-entropy",
              List.of(),
              settings -> new Bernoulli()),
          new Entry(
              Gaussian.NAME,
              "real values, one fixed standard deviation",
              List.of(new Setting("sigma", 1, "standard deviation")),
              settings -> new Gaussian(settings[0])),
          new Entry(
              GaussianLearned.NAME,
              "real values, mean and variance learned per feature",
              List.of(),
              settings -> new GaussianLearned()));

  private Likelihoods() {}

  /**
   * A number that a likelihood can be given.
   *
   * @param name its name in the text form
   * @param standard its value where it is not given
   * @param description what it is
   */
  public record Setting(String name, double standard, String description) {}

  /**
   * One observation model.
   *
   * @param name its name in the text form
   * @param description one line
   * @param settings its settings, in the order of {@link Likelihood#constants}
   * @param maker makes it from the settings' values, in their order
   */
  public record Entry(
      String name,
      String description,
      List<Setting> settings,
      Function<double[], Likelihood> maker) {
    /** Copies the list. */
    public Entry {
      settings = List.copyOf(settings);
    }

    /**
     * The likelihood with all settings at their defaults.
     *
     * @return an instance
     */
    public Likelihood standard() {
      return maker.apply(settings.stream().mapToDouble(Setting::standard).toArray());
    }
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
   * @throws IllegalArgumentException if there is none such, naming those there are, or a setting is
   *     unknown, given twice, not a number or out of range
   */
  public static Likelihood parse(String text) {
    String name = LikelihoodText.name(text);
    for (Entry entry : ENTRIES) {
      if (entry.name().equals(name)) {
        return entry.maker().apply(LikelihoodText.settings(text, entry));
      }
    }
    throw new IllegalArgumentException(
        "unknown likelihood \""
            + name
            + "\"; one of "
            + String.join(", ", ENTRIES.stream().map(Entry::name).toList()));
  }
}
