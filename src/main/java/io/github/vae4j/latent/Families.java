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

/** The part that each family of posteriors and priors adds to a diagonal Gaussian's samples. */
final class Families {
  /**
   * The samples of a posterior.
   *
   * @param z FLOAT32 (B, L, Z)
   * @param parts make z of the Gaussian's samples; none where they are z
   */
  record Map(Tensor z, List<LatentPart> parts) {}

  private record Sampled(Pass pass, Tensor head, Reparameterize sample) {
    Tensor z() {
      return pass.tensor(sample.z().shape());
    }

    /** A map adds to the log ratio; the stage has it wherever there is no closed form. */
    Tensor logRatio() {
      return Objects.requireNonNull(sample.logRatio());
    }
  }

  private record Coded(Pass pass, EncoderStage encoder, Tensor z, Reparameterize sample) {
    Tensor logRatio() {
      return Objects.requireNonNull(sample.logRatio());
    }
  }

  private static final SealedTable<Posterior, Sampled, Map> POSTERIORS =
      SealedTable.<Posterior, Sampled, Map>of(Posterior.class)
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

  /** The samples of a posterior, from those of the Gaussian that the encoder gives. */
  static Map map(Pass pass, Posterior posterior, Tensor head, Reparameterize sample) {
    return POSTERIORS.apply(new Sampled(pass, head, sample), posterior);
  }

  /** The parts of a prior; none for the standard normal. */
  static List<LatentPart> prior(
      Pass pass, Prior prior, EncoderStage encoder, Tensor z, Reparameterize sample) {
    return PRIORS.apply(new Coded(pass, encoder, z, sample), prior);
  }

  private static Map diagonal(Sampled given, Posterior.Diagonal posterior) {
    return new Map(given.sample.z(), List.of());
  }

  private static Map fullCovariance(Sampled given, Posterior.FullCovariance posterior) {
    TriangularMap map =
        new TriangularMap(given.head, given.sample.z(), given.z(), given.logRatio());
    return new Map(map.z(), List.of(new TriangularPart(map, given.sample.control())));
  }

  private static Map planar(Sampled given, Posterior.Planar posterior) {
    Tensor tanh = given.pass.tensor(given.sample.z().shape(posterior.layers()));
    PlanarFlow flow =
        new PlanarFlow(given.head, given.sample.z(), given.z(), tanh, given.logRatio());
    return new Map(flow.z(), List.of(new PlanarPart(flow, given.sample.control())));
  }

  private static List<LatentPart> mixture(Coded given, Prior.GaussianMixture prior) {
    return List.of(
        MixturePart.learned(given.pass, given.sample.control(), given.z, given.logRatio()));
  }

  private static List<LatentPart> vamp(Coded given, Prior.Vamp prior) {
    return List.of(
        MixturePart.ofPosteriors(
            given.pass,
            given.sample.control(),
            given.z,
            given.logRatio(),
            given.encoder.components()));
  }
}
