// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.VaeException;
import io.github.vae4j.checkpoint.LayerTensors.Part;
import io.github.vae4j.checkpoint.SafeTensors.TensorType;
import io.github.vae4j.dispatch.SealedTable;
import io.github.vae4j.files.Sha256;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.sampler.GaussianMixture;
import io.github.vae4j.sampler.LatentSampler;
import io.github.vae4j.sampler.TwoStage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * The file of a sampler, beside the model to whose codes it was fitted. It has a hash of the
 * model's weights: other weights give other codes, so that a sampler of other weights is refused.
 */
public final class SamplerFile {
  private static final String KIND_KEY = "vae4j.sampler";
  private static final String FITTED_TO = "vae4j.fitted_to";
  private static final String WEIGHTS = "weights";
  private static final String MEANS = "means";
  private static final String FACTORS = "factors";

  /** The file that is written, and the hash of the model's weights. */
  private record Target(Path file, String fittedTo) {}

  private static final SealedTable<LatentSampler, Target, SafeTensorsWriter> WRITERS =
      SealedTable.<LatentSampler, Target, SafeTensorsWriter>of(LatentSampler.class)
          .with(GaussianMixture.class, SamplerFile::writer)
          .with(TwoStage.class, SamplerFile::writer)
          .complete();

  private SamplerFile() {}

  /** The kinds of samplers. */
  public enum Kind {
    /** {@link GaussianMixture}. */
    GMM(RunFolder.MIXTURE),
    /** {@link TwoStage}. */
    TWO_STAGE(RunFolder.TWO_STAGE);

    private final String file;

    Kind(String file) {
      this.file = file;
    }

    /**
     * The name on the command line and in the file.
     *
     * @return gmm or two-stage
     */
    public String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The path of a model's sampler.
     *
     * @param model a run folder or a model's file
     * @return the path of the sampler's file, which need not exist
     */
    public Path beside(Path model) {
      return Files.isDirectory(model) ? model.resolve(file) : model.resolveSibling(file);
    }
  }

  /**
   * Writes a sampler atomically.
   *
   * @param file to write
   * @param sampler the sampler
   * @param weights of the model to whose codes it was fitted
   * @throws VaeException if it cannot be written
   */
  public static void save(Path file, LatentSampler sampler, float[] weights) {
    WRITERS.apply(new Target(file, fingerprint(weights)), sampler).write(file);
  }

  private static SafeTensorsWriter writer(Target target, GaussianMixture mixture) {
    int count = mixture.components();
    int latent = mixture.latent();
    return new SafeTensorsWriter()
        .tensor(WEIGHTS, TensorType.F64, sink -> sink.doubles(mixture.weights()), count)
        .tensor(
            MEANS,
            TensorType.F64,
            sink -> {
              for (double[] mean : mixture.means()) {
                sink.doubles(mean);
              }
            },
            count,
            latent)
        .tensor(
            FACTORS,
            TensorType.F64,
            sink -> {
              for (double[] factor : mixture.factors()) {
                sink.doubles(factor);
              }
            },
            count,
            latent,
            latent)
        .metadata(KIND_KEY, Kind.GMM.id())
        .metadata(FITTED_TO, target.fittedTo);
  }

  private static SafeTensorsWriter writer(Target target, TwoStage second) {
    SafeTensorsWriter writer = ModelFile.writer(second.spec());
    ParameterLayout layout = new ParameterLayout(second.spec());
    LayerTensors.write(writer, target.file, "", layout, Part.ALL, second.weights());
    return writer.metadata(KIND_KEY, Kind.TWO_STAGE.id()).metadata(FITTED_TO, target.fittedTo);
  }

  /**
   * Reads a sampler.
   *
   * @param file the file
   * @param weights of the model that it is used with
   * @param latent the model's Z
   * @return the sampler
   * @throws CheckpointException if the file is missing or damaged, or the sampler was fitted to
   *     other weights
   */
  public static LatentSampler load(Path file, float[] weights, int latent) {
    try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
      String kind = reader.metadata(KIND_KEY);
      if (!reader.metadata(FITTED_TO).equals(fingerprint(weights))) {
        throw new CheckpointException(
            file, "this sampler was fitted to other weights than the model has now: fit it again");
      }
      LatentSampler sampler =
          kind.equals(Kind.GMM.id())
              ? mixture(reader)
              : kind.equals(Kind.TWO_STAGE.id()) ? twoStage(reader) : unknown(reader, kind);
      if (sampler.latent() != latent) {
        throw reader.damaged(
            "its codes have " + sampler.latent() + " dimensions, those of the model " + latent);
      }
      return sampler;
    }
  }

  private static LatentSampler unknown(SafeTensorsReader reader, String kind) {
    throw reader.damaged(
        KIND_KEY
            + ": expected "
            + Kind.GMM.id()
            + " or "
            + Kind.TWO_STAGE.id()
            + ", given "
            + kind
            + "; another vae4j wrote it");
  }

  private static GaussianMixture mixture(SafeTensorsReader reader) {
    reader.expectOnly(Set.of(WEIGHTS, MEANS, FACTORS));
    double[] weights = reader.doubles(reader.tensor(WEIGHTS, TensorType.F64));
    SafeTensors.Tensor means = reader.tensor(MEANS, TensorType.F64);
    if (weights.length == 0 || means.shape().size() != 2 || means.shape().get(1) < 1) {
      throw reader.damaged("tensor \"" + MEANS + "\": expected F64 [K, Z], given " + means);
    }
    long latent = means.shape().get(1);
    reader.tensor(MEANS, TensorType.F64, weights.length, latent);
    SafeTensors.Tensor factors =
        reader.tensor(FACTORS, TensorType.F64, weights.length, latent, latent);
    try {
      return new GaussianMixture(
          weights,
          rows(reader.doubles(means), weights.length),
          rows(reader.doubles(factors), weights.length));
    } catch (IllegalArgumentException e) {
      throw reader.damaged(String.valueOf(e.getMessage()));
    }
  }

  private static double[][] rows(double[] flat, int count) {
    double[][] rows = new double[count][flat.length / count];
    for (int i = 0; i < count; i++) {
      System.arraycopy(flat, i * rows[i].length, rows[i], 0, rows[i].length);
    }
    return rows;
  }

  private static TwoStage twoStage(SafeTensorsReader reader) {
    VaeSpec spec =
        VaeJson.modelOf(reader.file(), ModelFile.MODEL, reader.metadata(ModelFile.MODEL));
    ParameterLayout layout = new ParameterLayout(spec);
    reader.expectOnly(LayerTensors.names("", layout, Part.ALL));
    return new TwoStage(spec, LayerTensors.read(reader, "", layout, Part.ALL));
  }

  static String fingerprint(float[] weights) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(weights.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(weights);
    return Sha256.hex(bytes.array());
  }
}
