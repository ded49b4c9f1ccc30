// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.VaeException;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Program;
import io.github.vae4j.latent.DecoderPass;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.net.Pass;
import io.github.vae4j.random.Draws;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.tensor.Tensor;
import io.github.vae4j.tensor.Turn;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decodes latent codes: the decoder runs on the backend, and the host computes the means and draws
 * of the likelihood.
 */
public final class Decoder implements AutoCloseable {
  private final Arena arena = new Arena();
  private final Backend backend;
  private final VaeSpec spec;
  private final Parameters parameters;
  private final int batch;
  private final @Nullable Tensor shared;

  /** By the number of codes. */
  private final Map<Integer, Planned> plans = new HashMap<>();

  private record Planned(Tensor z, @Nullable Tensor condition, Tensor output, Program decode) {}

  /**
   * A decoder of a model, with the values of the parameters at each call.
   *
   * @param backend that computes; the caller closes it
   * @param spec the model
   * @param parameters of the model; the caller closes them
   */
  public Decoder(Backend backend, VaeSpec spec, Parameters parameters) {
    this.backend = backend;
    this.spec = spec;
    this.parameters = parameters;
    this.shared = parameters.shared();
    batch = PassRows.decoded(parameters.layout());
    try {
      plan(batch);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /** The plan for a number of codes, with few of them for a few codes. */
  private Planned plan(int count) {
    int size =
        backend.rowsAreIndependent() && count <= PassRows.MOST_SHARED
            ? Math.min(batch, PassRows.planned(count))
            : batch;
    return plans.computeIfAbsent(size, this::planned);
  }

  private Planned planned(int size) {
    Tensor z = backend.tensor(arena, size, spec.latent());
    int width = spec.conditions();
    @Nullable Tensor condition = width == 0 ? null : backend.tensor(arena, size, width);
    DecoderPass decoder = new DecoderPass(new Pass(backend, arena, parameters, null), z, condition);
    Program decode = arena.own(backend.compile(decoder.forward()));
    return new Planned(z, condition, decoder.output(), decode);
  }

  /**
   * E[x|z].
   *
   * @param codes (n, latent)
   * @return (n, features)
   * @throws VaeException if a value is not finite; it names the row
   */
  public Matrix mean(Matrix codes) {
    return mean(codes, null);
  }

  /**
   * E[x|z], or E[x|z, c].
   *
   * @param codes (n, latent)
   * @param conditions (n, C); null for a model without a condition
   * @return (n, features)
   */
  public Matrix mean(Matrix codes, @Nullable Matrix conditions) {
    return observe(
        codes, conditions, (row, parameters, x) -> spec.likelihood().mean(parameters, x));
  }

  /**
   * Draws of p(x|z).
   *
   * @param codes (n, latent)
   * @param seed of the draws; the draws of row r do not depend on n
   * @return (n, features)
   */
  public Matrix draw(Matrix codes, long seed) {
    return draw(codes, null, seed);
  }

  /**
   * Draws of p(x|z), or p(x|z, c).
   *
   * @param codes (n, latent)
   * @param conditions (n, C); null for a model without a condition
   * @param seed of the draws; the draws of row r do not depend on n
   * @return (n, features)
   */
  public Matrix draw(Matrix codes, @Nullable Matrix conditions, long seed) {
    return observe(
        codes,
        conditions,
        (row, parameters, x) ->
            spec.likelihood().sample(parameters, new Draws(seed, Stream.OBSERVATION, row), x));
  }

  /**
   * Draws codes from the standard normal prior.
   *
   * @param n the number of codes
   * @param latent Z
   * @param seed of the draws
   * @param temperature the standard deviation; 1 for the prior
   * @return (n, latent)
   */
  public static Matrix prior(int n, int latent, long seed, double temperature) {
    Matrix codes = Matrix.zeros(n, latent);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < latent; j++) {
        double draw = Philox.normal(seed, Stream.PRIOR, 0, i, j);
        codes.values()[i * latent + j] = (float) (temperature * draw);
      }
    }
    return codes;
  }

  /** Computes an observation from a row of the decoder's outputs. */
  private interface Observation {
    void fill(int row, double[] parameters, double[] x);
  }

  private Matrix observe(Matrix codes, @Nullable Matrix given, Observation observation) {
    try (Turn turn = backend.turn().take()) {
      if (codes.columns() != spec.latent()) {
        throw new IllegalArgumentException(
            "decode: expected codes of "
                + spec.latent()
                + " latent dimensions, given "
                + codes.columns());
      }
      checkConditions(codes.rows(), given);
      Likelihood likelihood = spec.likelihood();
      int width = likelihood.parameters(spec.features());
      Planned plan = plan(Math.max(1, Math.min(batch, codes.rows())));
      int size = plan.z.dim(0);
      float[] input = new float[size * spec.latent()];
      float[] output = new float[size * width];
      float[] common = shared == null ? new float[0] : shared.toFloats();
      double[] parameters = new double[width + common.length];
      for (int j = 0; j < common.length; j++) {
        parameters[width + j] = common[j];
      }
      double[] x = new double[spec.features()];
      Matrix result = Matrix.zeros(codes.rows(), spec.features());
      for (int first = 0; first < codes.rows(); first += size) {
        int count = Math.min(size, codes.rows() - first);
        System.arraycopy(codes.values(), first * spec.latent(), input, 0, count * spec.latent());
        plan.z.write(input);
        if (given != null && plan.condition != null) {
          float[] rows = new float[size * given.columns()];
          int at = first * given.columns();
          System.arraycopy(given.values(), at, rows, 0, count * given.columns());
          plan.condition.write(rows);
        }
        plan.decode.run();
        plan.output.buffer().read(output);
        for (int row = 0; row < count; row++) {
          for (int i = 0; i < width; i++) {
            parameters[i] = output[row * width + i];
          }
          observation.fill(first + row, parameters, x);
          for (int d = 0; d < x.length; d++) {
            if (!Double.isFinite(x[d])) {
              throw new VaeException(
                  String.format(
                          Locale.ROOT,
                          "decode: row %d, column %d (counted from 0) is %s: its code is too far from those of",
                          first + row,
                          d,
                          x[d])
                      + " the training data");
            }
            result.values()[(first + row) * x.length + d] = (float) x[d];
          }
        }
      }
      return result;
    }
  }

  private void checkConditions(int rows, @Nullable Matrix given) {
    int width = spec.conditions();
    if (width == 0 && given != null) {
      throw new IllegalArgumentException(
          "decode: the model is not conditional, but conditions are given");
    }
    if (width > 0 && (given == null || given.columns() != width || given.rows() != rows)) {
      throw new IllegalArgumentException(
          "decode: the model is conditional: expected conditions of "
              + rows
              + " x "
              + width
              + ", given "
              + (given == null ? "none" : given.rows() + " x " + given.columns()));
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
