// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.backend.Estimator;
import io.github.vae4j.train.Objective;
import io.github.vae4j.train.Objective.Bound;
import io.github.vae4j.train.Objective.Capacity;
import io.github.vae4j.train.Objective.Kind;
import io.github.vae4j.train.Objective.Warmup;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the objective. They change a base objective, whose other settings are kept. */
public final class ObjectiveOptions {
  @Option(
      names = "--objective",
      paramLabel = "BOUND",
      description = "elbo, iwae or renyi:ALPHA (default elbo).")
  private @Nullable BoundName bound;

  @Option(
      names = "--samples",
      paramLabel = "K",
      description = "Monte-Carlo samples per row: averaged, or weighted by iwae (default 1).")
  private @Nullable Integer samples;

  @Option(
      names = "--groups",
      paramLabel = "M",
      description = "For iwae and renyi: average M bounds of K samples each (default 1).")
  private @Nullable Integer groups;

  @Option(
      names = "--gradient",
      paramLabel = "HOW",
      description =
          "Of the latent term: analytic (the bound as reconstruction - KL), sampled (as joint +"
              + " entropy) or dreg, doubly reparameterised (default: analytic for elbo, else"
              + " sampled).")
  private @Nullable GradientName gradient;

  @Option(
      names = "--beta",
      paramLabel = "B",
      description = "Weight of the latent term (default 1: the bound itself).")
  private @Nullable Double beta;

  @Option(
      names = "--kl-warmup",
      paramLabel = "EPOCHS",
      description =
          "Let that weight rise from 0 over so many epochs; sigmoid:EPOCHS, or"
              + " cyclical:EPOCHS:CYCLES (default 0).")
  private @Nullable WarmupText warmup;

  @Option(
      names = "--free-bits",
      paramLabel = "NATS",
      description = "KL that costs nothing, per latent dimension (default 0).")
  private @Nullable Double freeBits;

  @Option(
      names = "--capacity",
      paramLabel = "NATS[:EPOCHS]",
      description =
          "Draw the KL to so many nats, rising over so many epochs, with --beta the weight of the"
              + " distance (default 0: none).")
  private @Nullable CapacityText capacity;

  @Option(
      names = "--mmd",
      paramLabel = "W",
      description =
          "Weight of the maximum mean discrepancy of q(z) from the prior (default 0: none).")
  private @Nullable Double mmd;

  @Option(
      names = "--tc",
      paramLabel = "W",
      description =
          "Weight of the total correlation of q(z) on top of the KL's: beta - 1 of beta-TCVAE"
              + " (default 0).")
  private @Nullable Double totalCorrelation;

  /** {@code elbo}, {@code iwae} or {@code renyi:0.5}. */
  record BoundName(Kind kind, double alpha) {
    static BoundName parse(String text) {
      return switch (text) {
        case "elbo" -> new BoundName(Kind.ELBO, 0);
        case "iwae" -> new BoundName(Kind.IWAE, 0);
        default -> {
          Double alpha = text.startsWith("renyi:") ? number(text.substring(6)) : null;
          if (alpha == null) {
            throw new IllegalArgumentException(
                "expected elbo, iwae or renyi:ALPHA as in renyi:0.5, given \"" + text + "\"");
          }
          yield new BoundName(Kind.RENYI, alpha);
        }
      };
    }
  }

  /** {@code analytic}, {@code sampled} or {@code dreg}. */
  record GradientName(Estimator estimator) {
    static GradientName parse(String text) {
      for (Estimator estimator : Estimator.values()) {
        if (estimator.id().equals(text)) {
          return new GradientName(estimator);
        }
      }
      throw new IllegalArgumentException(
          "expected analytic, sampled or dreg, given \"" + text + "\"");
    }
  }

  /** {@code 10}, {@code sigmoid:10} or {@code cyclical:10:4}. */
  record WarmupText(Warmup warmup) {
    private static final String NUMBER = "(\\d*\\.?\\d+)";
    private static final Pattern LINEAR = Pattern.compile(NUMBER);
    private static final Pattern SIGMOID = Pattern.compile("sigmoid:" + NUMBER);
    private static final Pattern CYCLICAL = Pattern.compile("cyclical:" + NUMBER + ":(\\d{1,9})");

    static WarmupText parse(String text) {
      Matcher linear = LINEAR.matcher(text);
      Matcher sigmoid = SIGMOID.matcher(text);
      Matcher cyclical = CYCLICAL.matcher(text);
      if (linear.matches()) {
        return new WarmupText(Warmup.linear(Double.parseDouble(text)));
      } else if (sigmoid.matches()) {
        double epochs = Double.parseDouble(sigmoid.group(1));
        return new WarmupText(new Warmup(Objective.Curve.SIGMOID, epochs, 1));
      } else if (cyclical.matches()) {
        double epochs = Double.parseDouble(cyclical.group(1));
        int cycles = Integer.parseInt(cyclical.group(2));
        return new WarmupText(new Warmup(Objective.Curve.CYCLICAL, epochs, cycles));
      }
      throw new IllegalArgumentException(
          "expected EPOCHS, sigmoid:EPOCHS or cyclical:EPOCHS:CYCLES, given \"" + text + "\"");
    }
  }

  /** {@code 25} or {@code 25:50}. */
  record CapacityText(Capacity capacity) {
    static CapacityText parse(String text) {
      String[] parts = text.split(":", -1);
      Double nats = number(parts[0]);
      Double epochs = parts.length == 2 ? number(parts[1]) : Double.valueOf(0);
      if (parts.length > 2 || nats == null || epochs == null) {
        throw new IllegalArgumentException(
            "expected NATS or NATS:EPOCHS as in 25:50, given \"" + text + "\"");
      }
      return new CapacityText(new Capacity(nats, epochs));
    }
  }

  private static @Nullable Double number(String text) {
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /**
   * An objective with the changes of the command line.
   *
   * @param base the objective
   * @return the changed objective
   */
  public Objective over(Objective base) {
    return new Objective(
        over(base.bound()),
        beta == null ? base.beta() : beta,
        warmup == null ? base.warmup() : warmup.warmup(),
        freeBits == null ? base.freeBits() : freeBits,
        capacity == null ? base.capacity() : capacity.capacity(),
        mmd == null ? base.mmd() : mmd,
        totalCorrelation == null ? base.totalCorrelation() : totalCorrelation);
  }

  private Bound over(Bound base) {
    Kind kind = bound == null ? base.kind() : bound.kind();
    boolean same = kind == base.kind();
    Estimator standard = kind == Kind.ELBO ? Estimator.ANALYTIC : Estimator.SAMPLED;
    Estimator kept = same ? base.gradient() : standard;
    return new Bound(
        kind,
        samples == null ? base.samples() : samples,
        groups == null ? base.groups() : groups,
        bound == null ? base.alpha() : bound.alpha(),
        gradient == null ? kept : gradient.estimator());
  }
}
