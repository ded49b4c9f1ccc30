package io.github.vae4j.likelihood;

import java.util.Map;
import java.util.function.Function;

/** The registry of observation models. */
public final class Likelihoods {
  private static final Map<String, Function<String, Likelihood>> REGISTRY = Map.of();

  private Likelihoods() {}

  /**
   * The likelihood of a description: its name, then settings, as in {@code gaussian:sigma=0.1}.
   *
   * @param text the description
   * @return the likelihood, whose toString gives the same description
   * @throws IllegalArgumentException if there is none such, naming those there are
   */
  public static Likelihood parse(String text) {
    Function<String, Likelihood> maker = REGISTRY.get(text);
    if (maker == null) {
      throw new IllegalArgumentException("unknown likelihood \"" + text + "\"");
    }
    return maker.apply(text);
  }
}
