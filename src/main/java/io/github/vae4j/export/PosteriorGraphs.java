// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import io.github.vae4j.backend.op.PlanarFlow;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.TriangularMap;
import io.github.vae4j.dispatch.SealedTable;
import io.github.vae4j.model.Posterior;
import java.util.List;

/** Posteriors as nodes of a graph. */
final class PosteriorGraphs {
  /** Means and log variances of codes, FLOAT (B, Z). */
  record Code(Value mean, Value logvar) {}

  /**
   * Samples of a posterior.
   *
   * @param z FLOAT (B, L, Z)
   * @param logRatio of each, log N(z; 0, I) - log q(z|x), FLOAT (B, L)
   */
  record Drawn(Value z, Value logRatio) {}

  /**
   * The encoder's output.
   *
   * @param head FLOAT (B, columns)
   * @param latent Z
   * @param columns of the head
   */
  record Head(Value head, int latent, int columns) {
    Value mean() {
      return head.slice(1, 0, latent);
    }

    Value logvar() {
      return head.slice(1, latent, 2L * latent);
    }

    Value clampedLogvar() {
      return clamp(logvar());
    }

    private Code plain() {
      return new Code(mean(), logvar());
    }

    private Drawn gaussian(Value eps) {
      Value logvar = clampedLogvar().withAxes(1);
      Value z = mean().withAxes(1).plus(logvar.times(0.5).exp().times(eps));
      Value ratio = eps.squared().plus(logvar).minus(z.squared()).sum(2).times(0.5);
      return new Drawn(z, ratio);
    }
  }

  private interface Family {
    Code code(Head head);

    Drawn drawn(Head head, Value eps);
  }

  private static final SealedTable<Posterior, Object, Family> POSTERIOR_GRAPHS =
      SealedTable.<Posterior, Object, Family>of(Posterior.class)
          .with(Posterior.Diagonal.class, posterior -> new Diagonal())
          .with(Posterior.FullCovariance.class, posterior -> new Full())
          .with(Posterior.Planar.class, posterior -> new Planar(posterior.layers()))
          .complete();

  private PosteriorGraphs() {}

  static Value clamp(Value logvar) {
    return logvar.atLeast(Reparameterize.MIN_LOGVAR).atMost(Reparameterize.MAX_LOGVAR);
  }

  /** The code that stands for a row. */
  static Code code(Posterior posterior, Head head) {
    return POSTERIOR_GRAPHS.apply(posterior, posterior).code(head);
  }

  /**
   * Samples.
   *
   * @param eps draws of N(0, 1), FLOAT (B, L, Z)
   */
  static Drawn drawn(Posterior posterior, Head head, Value eps) {
    return POSTERIOR_GRAPHS.apply(posterior, posterior).drawn(head, eps);
  }

  private static Value halfSquares(Value z) {
    return z.squared().sum(2).times(0.5);
  }

  private record Diagonal() implements Family {
    @Override
    public Code code(Head head) {
      return head.plain();
    }

    @Override
    public Drawn drawn(Head head, Value eps) {
      return head.gaussian(eps);
    }
  }

  /** {@link TriangularMap}. */
  private record Full() implements Family {
    /** A of each row, FLOAT (B, Z, Z). */
    private static Value map(Head head) {
      int latent = head.latent;
      long[] places = new long[latent * latent];
      float[] below = new float[latent * latent];
      int entry = 0;
      for (int i = 0; i < latent; i++) {
        for (int j = 0; j < i; j++) {
          places[i * latent + j] = entry++;
          below[i * latent + j] = 1;
        }
      }
      long first = (long) head.columns - TriangularMap.entries(latent);
      // With Z = 1 the map has no entries; the gathered value is multiplied by 0.
      Value entries = head.head.slice(1, Math.min(first, head.columns - 1L), head.columns);
      Graph graph = entries.graph();
      Value spread =
          graph.node(
              "Gather",
              ElementType.FLOAT,
              List.of(entries, graph.constant(places, latent, latent)),
              new Attributes().whole("axis", 1));
      return spread.times(graph.constant(below, latent, latent));
    }

    @Override
    public Code code(Head head) {
      Value map = map(head);
      Value center = head.mean().withAxes(2);
      Value variance = head.clampedLogvar().exp().withAxes(2);
      Value mean = center.plus(map.product(center)).reshape(0, head.latent);
      Value sum = variance.plus(map.squared().product(variance)).reshape(0, head.latent);
      return new Code(mean, sum.log());
    }

    @Override
    public Drawn drawn(Head head, Value eps) {
      Drawn before = head.gaussian(eps);
      Value z = before.z.plus(before.z.product(map(head).transposed(0, 2, 1)));
      return new Drawn(z, before.logRatio.plus(halfSquares(before.z)).minus(halfSquares(z)));
    }
  }

  /** {@link PlanarFlow}, in double. */
  private record Planar(int layers) implements Family {
    /** Samples after some maps, and the sum of their log determinants. */
    private record Mapped(Value y, Value logDeterminants) {}

    private Mapped mapped(Head head, Value samples) {
      int latent = head.latent;
      int each = PlanarFlow.parametersPerLayer(latent);
      Value parameters = head.head.as(ElementType.DOUBLE).withAxes(1);
      Value y = samples.as(ElementType.DOUBLE);
      Value sum = y.number(0);
      for (int map = 0; map < layers; map++) {
        long at = head.columns - (long) (layers - map) * each;
        Value u = parameters.slice(2, at, at + latent);
        Value w = parameters.slice(2, at + latent, at + 2L * latent);
        Value b = parameters.slice(2, at + 2L * latent, at + each);
        Value product = w.times(u).sum(2).withAxes(2);
        Value square = w.squared().sum(2).withAxes(2);
        Value bent = product.below(0);
        Value power = product.atLeast(PlanarFlow.MIN_PRODUCT).exp();
        Value p = bent.choose(power, product.plus(1));
        Value change = power.plus(-1).minus(product).over(square);
        Value zero = product.number(0);
        Value factor = square.below(PlanarFlow.MIN_SQUARE).choose(zero, bent.choose(change, zero));
        Value h = w.times(y).sum(2).withAxes(2).plus(b).tanh();
        Value part = h.squared();
        sum = sum.plus(part.plus(part.negative().plus(1).times(p)).log());
        y = y.plus(u.plus(factor.times(w)).times(h));
      }
      return new Mapped(y, sum);
    }

    @Override
    public Code code(Head head) {
      Value y = mapped(head, head.mean().withAxes(1)).y;
      return new Code(y.as(ElementType.FLOAT).reshape(0, head.latent), head.logvar());
    }

    @Override
    public Drawn drawn(Head head, Value eps) {
      Drawn before = head.gaussian(eps);
      Mapped after = mapped(head, before.z);
      Value change =
          after
              .logDeterminants
              .sum(2)
              .plus(halfSquares(before.z.as(ElementType.DOUBLE)))
              .minus(halfSquares(after.y));
      return new Drawn(
          after.y.as(ElementType.FLOAT), before.logRatio.plus(change.as(ElementType.FLOAT)));
    }
  }
}
