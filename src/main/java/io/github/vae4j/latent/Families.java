// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.latent;

import io.github.vae4j.backend.op.PlanarFlow;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.TriangularMap;
import io.github.vae4j.dispatch.SealedTable;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.Prior;
import io.github.vae4j.net.Pass;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * For each family of posteriors and priors: the Gaussian that it makes of the encoder's head, and
 * the {@link LatentPart}s that follow the Gaussian's samples.
 */
final class Families {
  /**
   * The samples of a posterior.
   *
   * @param z FLOAT32 (B, L, Z)
   * @param parts maps from the Gaussian's samples to z; empty if the samples are z
   */
  record Map(Tensor z, List<LatentPart> parts) {}

  /**
   * A posterior for one batch size.
   *
   * @param gaussian of the encoder's head
   * @param map takes the Gaussian's samples to those of the posterior
   */
  record Family(HeadGaussian gaussian, Function<Reparameterize, Map> map) {}

  private record Encoded(Pass pass, Tensor head, int latent) {
    HeadGaussian firstColumns() {
      return HeadGaussian.firstColumns(pass, head, latent);
    }

    Tensor like(Reparameterize sample) {
      return pass.tensor(sample.z().shape());
    }
  }

  private record Coded(Pass pass, EncoderStage encoder, Tensor z, Reparameterize sample) {}

  private static final SealedTable<Posterior, Encoded, Family> POSTERIORS =
      SealedTable.<Posterior, Encoded, Family>of(Posterior.class)
          .with(Posterior.Diagonal.class, Families::diagonal)
          .with(Posterior.FullCovariance.class, Families::fullCovariance)
          .with(Posterior.Planar.class, Families::planar)
          .complete();

  private static final SealedTable<Prior, Coded, List<LatentPart>> PRIORS =
      SealedTable.<Prior, Coded, List<LatentPart>>of(Prior.class)
          .with(Prior.StandardNormal.class, (coded, prior) -> List.of())
          .with(Prior.GaussianMixture.class, Families::mixture)
          .with(Prior.Vamp.class, Families::vamp)
          .complete();

  private Families() {}

  /** The posterior of the rows of a head. */
  static Family posterior(Pass pass, Posterior posterior, Tensor head, int latent) {
    return POSTERIORS.apply(new Encoded(pass, head, latent), posterior);
  }

  /** The parts of a prior; empty for the standard normal. */
  static List<LatentPart> prior(
      Pass pass, Prior prior, EncoderStage encoder, Tensor z, Reparameterize sample) {
    return PRIORS.apply(new Coded(pass, encoder, z, sample), prior);
  }

  private static Family diagonal(Encoded given, Posterior.Diagonal posterior) {
    return new Family(given.firstColumns(), sample -> new Map(sample.z(), List.of()));
  }

  private static Family fullCovariance(Encoded given, Posterior.FullCovariance posterior) {
    return new Family(
        given.firstColumns(),
        sample -> {
          TriangularMap map =
              new TriangularMap(given.head, sample.z(), given.like(sample), logRatio(sample));
          return new Map(map.z(), List.of(new TriangularPart(map, sample.control())));
        });
  }

  private static Family planar(Encoded given, Posterior.Planar posterior) {
    return new Family(
        given.firstColumns(),
        sample -> {
          Tensor tanh = given.pass.tensor(sample.z().shape(posterior.layers()));
          PlanarFlow flow =
              new PlanarFlow(given.head, sample.z(), given.like(sample), tanh, logRatio(sample));
          return new Map(flow.z(), List.of(new PlanarPart(flow, sample.control())));
        });
  }

  /** A part adds to the log ratio; the stage has it wherever there is no closed form. */
  private static Tensor logRatio(Reparameterize sample) {
    return Objects.requireNonNull(sample.logRatio());
  }

  private static List<LatentPart> mixture(Coded given, Prior.GaussianMixture prior) {
    return List.of(
        MixturePart.learned(given.pass, given.sample.control(), given.z, logRatio(given.sample)));
  }

  private static List<LatentPart> vamp(Coded given, Prior.Vamp prior) {
    return List.of(
        MixturePart.ofPosteriors(
            given.pass,
            given.sample.control(),
            given.z,
            logRatio(given.sample),
            given.encoder.components()));
  }
}
