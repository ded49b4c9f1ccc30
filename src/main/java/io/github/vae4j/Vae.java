package io.github.vae4j;

import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.evaluate.Codes;
import io.github.vae4j.evaluate.Evaluation;
import io.github.vae4j.evaluate.LogLikelihood;
import io.github.vae4j.evaluate.RowScores;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.EpochMetrics;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainListener;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The facade: stub. */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class Vae implements AutoCloseable {
  private Vae() {}

  private static IllegalStateException pending() {
    return new IllegalStateException("pending");
  }

  /** x. */
  public static Vae create(VaeSpec spec, BackendOptions options, long seed) {
    throw pending();
  }

  /** A run folder or a model file. */
  public static Vae load(Path path, BackendOptions options) {
    throw pending();
  }

  /** x. */
  public VaeSpec spec() {
    throw pending();
  }

  /** Writes model.safetensors and vae.json into the folder. */
  public void save(Path folder) {
    throw pending();
  }

  /** x. */
  public List<EpochMetrics> train(
      DataSet train, @Nullable DataSet test, TrainConfig config, TrainListener listener) {
    throw pending();
  }

  /** x. */
  public Evaluation evaluate(DataSet data, int samples, long seed) {
    throw pending();
  }

  /** x. */
  public LogLikelihood logLikelihood(DataSet data, int samples, long seed) {
    throw pending();
  }

  /** x. */
  public RowScores score(DataSet data, int samples, long seed) {
    throw pending();
  }

  /** x. */
  public Codes encode(DataSet data) {
    throw pending();
  }

  /** Rows of z (n, latent) to E[x|z] (n, features). */
  public Matrix decode(Matrix codes) {
    throw pending();
  }

  /** E[x | z = posterior mean] of each row. */
  public Matrix reconstruct(DataSet data) {
    throw pending();
  }

  /** n rows: z ~ N(0, temperature^2), then E[x|z], or a draw of p(x|z) if draw. */
  public Matrix sample(int n, long seed, double temperature, boolean draw) {
    throw pending();
  }

  @Override
  public void close() {}
}
