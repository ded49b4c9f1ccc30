package io.github.vae4j.cli;

import io.github.vae4j.train.TrainConfig.Objective;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is maximised. What is not given stays as it is in the objective it is laid over. */
final class ObjectiveOptions {
  @Option(
      names = "--samples",
      paramLabel = "L",
      description = "Monte-Carlo samples per row (default 1).")
  private @Nullable Integer samples;

  @Option(
      names = "--beta",
      paramLabel = "B",
      description = "Weight of the KL term (default 1: the ELBO).")
  private @Nullable Double beta;

  @Option(
      names = "--kl-warmup",
      paramLabel = "EPOCHS",
      description = "Let that weight rise from 0 over so many epochs (default 0).")
  private @Nullable Double warmup;

  @Option(
      names = "--free-bits",
      paramLabel = "NATS",
      description = "KL that costs nothing, per latent dimension (default 0).")
  private @Nullable Double freeBits;

  Objective over(Objective base) {
    return new Objective(
        samples == null ? base.samples() : samples,
        beta == null ? base.beta() : beta,
        warmup == null ? base.warmupEpochs() : warmup,
        freeBits == null ? base.freeBits() : freeBits);
  }
}
