// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.latent.DecoderPass;
import io.github.vae4j.latent.EncoderInput;
import io.github.vae4j.latent.EncoderStage;
import io.github.vae4j.latent.LatentStage;
import io.github.vae4j.latent.Rows;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.LatentUse;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.net.Pass;
import io.github.vae4j.numeric.Elementary;
import io.github.vae4j.random.Draws;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import io.github.vae4j.tensor.Turn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Weighted samples of p(z | observed values) of a row with missing values, by adaptive importance
 * sampling (Cornuet, Marin, Mira and Robert 2012, "Adaptive multiple importance sampling") in three
 * rounds. The proposals of the first one are q(z|x) of the incomplete row and, for a quarter of the
 * samples, the prior. Then the row is completed several times: a sample is chosen by its weight and
 * the missing values are drawn from it. The proposals of the next round are q(z|x) of these rows,
 * which an encoder knows that was trained on complete rows. The weights are p(observed values, z) /
 * q(z), where q is the mixture of the proposals of all rounds, the prior among them: no weight is
 * much larger than the likelihood, and the samples are right in the limit of many, however wrong
 * the encoder is.
 *
 * <p>If {@link LatentUse#PROPOSALS} does not take the model's families, there is one round, with
 * samples of q(z|x) of the incomplete row alone (Mattei and Frellsen 2019, MIWAE).
 *
 * <p>All rows have the same noise, so that equal rows have equal samples. For one thread at a time.
 */
public final class RowPosterior implements AutoCloseable {
  private static final int ROUNDS = 3;
  private static final int COMPONENTS = 20;
  private static final int OF_PRIOR = 4;

  private final Arena arena = new Arena();
  private final Backend backend;
  private final VaeSpec spec;
  private final DataSet rows;
  private final @Nullable DataSet conditions;
  private final long seed;
  private final int rounds;
  private final int components;
  private final int each;
  private final Control control;
  private final Rows observed;
  private final Rows completed;
  private final LatentStage latent;
  private final Tensor statistics;
  private final Tensor output;
  private final Tensor nll;
  private final Program encode;
  private final Program sample;
  private final @Nullable Tensor shared;
  private final List<Round> done = new ArrayList<>();
  private Proposals proposals = new Proposals(1);
  private double[][] outputs = new double[0][];
  private double[] weights = new double[0];

  /**
   * The samples of a round.
   *
   * @param codes (samples, Z)
   * @param ratios log p(z) - log q(z|x) of the encoder's own posterior
   * @param losses -log p(observed values | z)
   * @param outputs (samples, parameters of the likelihood)
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Round(float[] codes, float[] ratios, float[] losses, double[][] outputs) {}

  /**
   * Plans the passes.
   *
   * @param backend that computes; the caller closes it
   * @param spec the model
   * @param parameters of the model; the caller closes them
   * @param rows the rows, with NaN for missing values; their values may change between two calls
   * @param samples in all, rounded up to equal numbers for each proposal
   * @param seed of the noise
   */
  public RowPosterior(
      Backend backend, VaeSpec spec, Parameters parameters, DataSet rows, int samples, long seed) {
    this.backend = backend;
    this.spec = spec;
    this.rows = rows;
    this.seed = seed;
    Condition condition = spec.condition();
    conditions = condition == null ? null : Conditions.of(condition, rows);
    rounds = LatentUse.PROPOSALS.takes(spec.latents()) ? ROUNDS : 1;
    components = Math.min(COMPONENTS, (samples + rounds - 1) / rounds);
    each = (samples + rounds * components - 1) / (rounds * components);
    shared = parameters.shared();
    try (Turn turn = backend.turn().take()) {
      control = new Control(arena.own(backend.allocate(DType.FLOAT64, Control.LENGTH)));
      Pass pass = new Pass(backend, arena, parameters, null);
      int features = spec.features();
      Tensor given = conditions == null ? null : pass.tensor(components, conditions.features());
      observed =
          new Rows(pass.tensor(components, features), pass.tensor(components, features), given);
      completed =
          new Rows(pass.tensor(components, features), pass.tensor(components, features), given);
      EncoderInput input = new EncoderInput(pass, spec, completed);
      EncoderStage encoder = new EncoderStage(pass, spec, input.input());
      statistics = encoder.gaussian();
      LatentStage.Noise noise = new LatentStage.Noise(control, seed, Stream.EVALUATE, false);
      LatentStage.Outputs ratios = new LatentStage.Outputs(true, false, false);
      latent = new LatentStage(pass, spec, encoder, noise, ratios, each);
      DecoderPass decoder = new DecoderPass(pass, latent.z(), given);
      output = decoder.output();
      nll = pass.tensor(components, each);
      List<Op> first = new ArrayList<>(input.forward());
      first.addAll(encoder.forward());
      List<Op> second = new ArrayList<>(latent.forward());
      second.addAll(decoder.forward());
      second.add(decoder.loss(spec.likelihood(), observed, nll));
      encode = arena.own(backend.compile(first));
      sample = arena.own(backend.compile(second));
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /**
   * Samples the posterior of a row.
   *
   * @param row its number
   * @throws io.github.vae4j.VaeException if log p(observed values) is not finite; it names the row
   */
  public void infer(int row) {
    try (Turn turn = backend.turn().take()) {
      float[] own = DataSets.values(rows, row, 1).values();
      float[][] same = new float[components][];
      Arrays.fill(same, own);
      write(observed, same);
      if (conditions != null && observed.condition() != null) {
        float[][] given = new float[components][];
        Arrays.fill(given, DataSets.values(conditions, row, 1).values());
        observed.condition().write(joined(given));
      }
      done.clear();
      proposals = new Proposals(spec.latent());
      sample(same, components / OF_PRIOR);
      weigh(row);
      while (done.size() < rounds) {
        sample(completions(own), components / COMPONENTS);
        weigh(row);
      }
    }
  }

  /**
   * A round of sampling: the last proposals, so many, are the prior if there are several rounds.
   */
  private void sample(float[][] encoded, int priors) {
    int width = spec.likelihood().parameters(spec.features());
    write(completed, encoded);
    encode.run();
    if (rounds > 1) {
      float[] found = statistics.toFloats();
      int own = 2 * spec.latent();
      Arrays.fill(found, (components - priors) * own, components * own, 0);
      statistics.write(found);
      proposals.add(found);
    }
    control.set(Control.STEP, (double) done.size()).upload();
    sample.run();
    done.add(
        new Round(
            latent.z().toFloats(),
            latent.logRatio().toFloats(),
            nll.toFloats(),
            SampleOutputs.of(output.toFloats(), 0, components * each, width, shared)));
  }

  /** The weights of the samples of all rounds so far. */
  private void weigh(int row) {
    int perRound = components * each;
    double[] logs = new double[done.size() * perRound];
    outputs = new double[logs.length][];
    for (int i = 0; i < logs.length; i++) {
      Round round = done.get(i / perRound);
      int at = i % perRound;
      double ratio = rounds > 1 ? proposals.logRatio(round.codes, at) : round.ratios[at];
      logs[i] = ratio - round.losses[at];
      outputs[i] = round.outputs[at];
    }
    double logMean = ChainWeights.of(logs, 0, logs.length).logMean();
    NotFinite.refuse("log p(x)", logMean, rows, row);
    weights = new double[logs.length];
    Arrays.setAll(weights, i -> Elementary.exp(logs[i] - logMean) / logs.length);
  }

  /** The rows of the next round: completed ones, then the incomplete row. */
  private float[][] completions(float[] own) {
    float[][] next = new float[components][];
    int incomplete = 2 * (components / COMPONENTS);
    int count = components - incomplete;
    int chosen = 0;
    double below = weights[0];
    for (int k = 0; k < components; k++) {
      next[k] = own;
      if (k < count) {
        double at = (k + 0.5) / count;
        while (below < at && chosen < weights.length - 1) {
          chosen++;
          below += weights[chosen];
        }
        next[k] = completion(own, outputs[chosen], done.size() * components + k);
      }
    }
    return next;
  }

  private float[] completion(float[] own, double[] parameters, int number) {
    double[] drawn = new double[own.length];
    spec.likelihood().sample(parameters, new Draws(seed, Stream.COMPLETION, number), drawn);
    float[] complete = own.clone();
    for (int d = 0; d < own.length; d++) {
      complete[d] = Float.isNaN(own[d]) ? (float) drawn[d] : own[d];
    }
    return complete;
  }

  private static void write(Rows target, float[][] values) {
    float[] x = joined(values);
    float[] mask = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      boolean there = !Float.isNaN(x[i]);
      mask[i] = there ? 1 : 0;
      x[i] = there ? x[i] : 0;
    }
    target.x().write(x);
    if (target.mask() != null) {
      target.mask().write(mask);
    }
  }

  private static float[] joined(float[][] rows) {
    int width = rows[0].length;
    float[] all = new float[rows.length * width];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, all, i * width, width);
    }
    return all;
  }

  /**
   * The parameters of the likelihood for each sample of the last row.
   *
   * @return (samples, outputs and shared parameters), as {@link
   *     io.github.vae4j.likelihood.Likelihood} takes them
   */
  public double[][] outputs() {
    return outputs;
  }

  /**
   * The weights of the samples of the last row.
   *
   * @return one for each sample, with the sum 1
   */
  public double[] weights() {
    return weights;
  }

  @Override
  public void close() {
    try (Turn turn = backend.turn().takeToFree()) {
      arena.close();
    }
  }
}
