// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.likelihood.Composite;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Cases of {@link LikelihoodLoss} with every registered likelihood. Data are drawn from the
 * likelihood, so that a new one is tested without a change here; special cases of likelihoods are
 * below.
 */
final class LossCases {
  /** Where the gradient goes. */
  enum Gradient {
    OWN,
    IN_PLACE,
    NONE
  }

  private LossCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (Likelihood likelihood : Likelihoods.all()) {
      for (int[] shape : new int[][] {{1, 1, 1}, {19, 1, 33}, {5, 3, 7}, {37, 1, 784}}) {
        cases.add(drawn(likelihood, shape[0], shape[1], shape[2], Gradient.OWN));
      }
      cases.add(drawn(likelihood, 3, 2, 65, Gradient.IN_PLACE));
      cases.add(drawn(likelihood, 3, 2, 65, Gradient.NONE));
      // Several rows for each x, and more rows than are computed together.
      cases.add(drawn(likelihood, 2, 50, 3, Gradient.NONE));
      for (Gradient gradient : List.of(Gradient.OWN, Gradient.NONE)) {
        cases.add(withNan(likelihood, gradient));
        cases.add(extremes(likelihood, gradient));
        cases.add(masked(likelihood, 3, 1, 33, 3, gradient));
        cases.add(masked(likelihood, 3, 4, 17, 3, gradient));
        cases.add(masked(likelihood, 3, 4, 17, 12, gradient));
      }
      cases.add(masked(likelihood, 3, 21, 7, 3, Gradient.NONE));
    }
    cases.add(drawn(Likelihoods.parse("gaussian:sigma=0.1"), 3, 2, 33, Gradient.OWN));
    cases.add(drawn(Likelihoods.parse("gaussian:sigma=25"), 3, 2, 33, Gradient.OWN));
    cases.add(drawn(Likelihoods.parse("student-t:nu=1"), 3, 2, 33, Gradient.OWN));
    cases.add(drawn(Likelihoods.parse("student-t:nu=1000"), 3, 2, 33, Gradient.OWN));
    Likelihood mixed =
        Likelihoods.parse(
            "composite:0=categorical:levels=3;1-4=multinomial;5-20=gaussian-shared;21=poisson;"
                + "22-40=gaussian-optimal;41-49=student-t:nu=3;50-=gaussian-shared");
    cases.add(drawn(mixed, 5, 2, 60, Gradient.OWN));
    cases.add(drawn(mixed, 5, 2, 60, Gradient.IN_PLACE));
    cases.add(drawn(mixed, 3, 2, 60, Gradient.NONE));
    cases.add(masked(mixed, 3, 2, 60, 6, Gradient.OWN));
    cases.add(masked(mixed, 3, 21, 60, 3, Gradient.NONE));
    Composite each = ofEach(3);
    int features = 3 * each.parts().size();
    cases.add(drawn(each, 3, 2, features, Gradient.IN_PLACE));
    cases.add(masked(each, 3, 2, features, 6, Gradient.OWN));
    cases.add(masked(each, 3, 21, features, 3, Gradient.NONE));
    cases.add(bernoulliExtremes());
    cases.add(bernoulliGrey());
    cases.add(learnedExtremes());
    return cases;
  }

  static List<OpCase> large() {
    List<OpCase> cases = new ArrayList<>();
    for (Likelihood likelihood : Likelihoods.all()) {
      cases.add(drawn(likelihood, 128, 1, 784, Gradient.IN_PLACE));
      cases.add(drawn(likelihood, 1024, 1, 784, Gradient.IN_PLACE));
    }
    return cases;
  }

  /** So many columns with each of the models. */
  private static Composite ofEach(int columns) {
    List<Composite.Part> parts = new ArrayList<>();
    for (Likelihood likelihood : Likelihoods.all()) {
      if (!(likelihood instanceof Composite)) {
        int first = columns * parts.size();
        parts.add(new Composite.Part(first, first + columns - 1, likelihood));
      }
    }
    return new Composite(parts);
  }

  /** Normal parameters and x drawn from p(x | parameters of the row's first sample). */
  static OpCase drawn(
      Likelihood likelihood, int batch, int samples, int features, Gradient gradient) {
    String name =
        "likelihood " + likelihood + " " + batch + "x" + samples + "x" + features + " " + gradient;
    return new OpCase(
        name,
        10L * batch * samples * features,
        operands -> {
          int width = likelihood.parameters(features);
          float[] parameters = operands.normal(batch * samples * width);
          float[] x = draw(operands, likelihood, parameters, batch, samples, features);
          return loss(operands, likelihood, parameters, x, batch, samples, gradient);
        });
  }

  /** A NaN parameter makes its own row NaN and no other. */
  private static OpCase withNan(Likelihood likelihood, Gradient gradient) {
    return new OpCase(
        "likelihood " + likelihood + " NaN " + gradient,
        100,
        operands -> {
          int width = likelihood.parameters(5);
          float[] parameters = operands.normal(3 * width);
          float[] x = draw(operands, likelihood, parameters, 3, 1, 5);
          parameters[width + 2] = Float.NaN;
          return loss(operands, likelihood, parameters, x, 3, 1, gradient);
        });
  }

  /**
   * One feature a row: each of its parameters beside and beyond its clamp and where float32
   * saturates, the others ordinary; x all over the support.
   */
  private static OpCase extremes(Likelihood likelihood, Gradient gradient) {
    float[] extremes = {-200, -89, -30.5f, -29.5f, -1e-3f, 0, 19.5f, 20.5f, 89, 200};
    float[] values = {-1000, 0, 0.25f, 2f / 3, 1, 7, 300, 1e6f};
    return new OpCase(
        "likelihood " + likelihood + " at extremes " + gradient,
        1000,
        operands -> {
          int width = likelihood.parameters(1);
          float[] drawn = draw(operands, likelihood, new float[width], 1, 1, 1);
          List<Float> rowsX = new ArrayList<>();
          List<Float> rows = new ArrayList<>();
          for (int k = 0; k < width; k++) {
            for (float extreme : extremes) {
              for (float x : values) {
                float[] own = operands.normal(width);
                own[k] = extreme;
                for (float value : own) {
                  rows.add(value);
                }
                rowsX.add(likelihood.supports(0, x) ? x : drawn[0]);
              }
            }
          }
          return loss(operands, likelihood, floats(rows), floats(rowsX), rowsX.size(), 1, gradient);
        });
  }

  private static float[] floats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }

  /** Missing features, which are NaN, and weights of rows or samples, of which one is 0. */
  private static OpCase masked(
      Likelihood likelihood, int batch, int samples, int features, int weights, Gradient gradient) {
    String shape = batch + "x" + samples + "x" + features;
    return new OpCase(
        "likelihood " + likelihood + " " + shape + " masked, " + weights + " weights " + gradient,
        10L * batch * samples * features,
        operands -> {
          int width = likelihood.parameters(features);
          float[] parameters = operands.normal(batch * samples * width);
          float[] x = draw(operands, likelihood, parameters, batch, samples, features);
          float[] mask = operands.uniform(x.length, 0, 1);
          for (int i = 0; i < x.length; i++) {
            mask[i] = mask[i] < 0.3 ? 0 : 1;
            x[i] = mask[i] == 0 ? Float.NaN : x[i];
          }
          float[] rowWeight = operands.uniform(weights, 0, 2);
          rowWeight[1] = 0;
          return loss(
              operands, likelihood, parameters, x, mask, rowWeight, batch, samples, gradient);
        });
  }

  private static OpCase bernoulliExtremes() {
    float[] logits = {-200, -200, 200, 200, -88, 88, -20, 20, 0, 0, -1e-3f, 1e-3f, 1e30f, -1e30f};
    float[] x = {0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0};
    return new OpCase(
        "likelihood bernoulli extremes",
        100,
        operands ->
            loss(operands, Likelihoods.parse("bernoulli"), logits, x, x.length, 1, Gradient.OWN));
  }

  private static OpCase bernoulliGrey() {
    return new OpCase(
        "likelihood bernoulli grey",
        1000,
        operands -> {
          float[] logits = operands.uniform(4 * 33, -8, 8);
          float[] x = operands.uniform(2 * 33, 0, 1);
          return loss(operands, Likelihoods.parse("bernoulli"), logits, x, 2, 2, Gradient.IN_PLACE);
        });
  }

  /** One feature a row: log variances at, inside and beyond the clamp, residual 0 and not. */
  private static OpCase learnedExtremes() {
    float[] logvars = {-200, -30, -29.5f, 0, 19.5f, 20, 20.5f, 200};
    return new OpCase(
        "likelihood gaussian-learned extremes",
        100,
        operands -> {
          float[] parameters = new float[4 * logvars.length];
          float[] x = new float[2 * logvars.length];
          for (int i = 0; i < x.length; i++) {
            x[i] = 1.5f;
            parameters[2 * i] = i % 2 == 0 ? 1.5f : -0.5f;
            parameters[2 * i + 1] = logvars[i / 2];
          }
          Likelihood learned = Likelihoods.parse("gaussian-learned");
          return loss(operands, learned, parameters, x, x.length, 1, Gradient.OWN);
        });
  }

  private static float[] draw(
      Operands operands,
      Likelihood likelihood,
      float[] parameters,
      int batch,
      int samples,
      int features) {
    return operands.once(() -> draw(likelihood, parameters, batch, samples, features)).clone();
  }

  private static float[] draw(
      Likelihood likelihood, float[] parameters, int batch, int samples, int features) {
    int width = likelihood.parameters(features);
    Random random = new Random(5);
    double[] own = new double[width + likelihood.shared(features)];
    double[] drawn = new double[features];
    float[] x = new float[batch * features];
    for (int b = 0; b < batch; b++) {
      for (int k = 0; k < width; k++) {
        own[k] = parameters[b * samples * width + k];
      }
      likelihood.sample(own, random, drawn);
      for (int d = 0; d < features; d++) {
        x[b * features + d] = (float) drawn[d];
      }
    }
    return x;
  }

  private static Op loss(
      Operands operands,
      Likelihood likelihood,
      float[] parameters,
      float[] x,
      int batch,
      int samples,
      Gradient gradient) {
    return loss(operands, likelihood, parameters, x, null, null, batch, samples, gradient);
  }

  private static Op loss(
      Operands operands,
      Likelihood likelihood,
      float[] parameters,
      float[] x,
      float @Nullable [] mask,
      float @Nullable [] rowWeight,
      int batch,
      int samples,
      Gradient gradient) {
    int features = x.length / batch;
    int rows = batch * samples;
    int sharedCount = likelihood.shared(features);
    float scale = 1f / rows;
    double[] sizes =
        operands.once(() -> gradientSizes(likelihood, parameters, x, mask, rows, samples));
    int width = parameters.length / rows;
    Bound dBound =
        (index, want, tolerance) ->
            Bound.element(scale * sizes[index / width]).allowed(index, want, tolerance);
    int[] shape = {batch, samples, width};
    Tensor in =
        gradient == Gradient.IN_PLACE
            ? operands.inOut("parameters", parameters, dBound, shape)
            : operands.in("parameters", parameters, shape);
    @Nullable Tensor dParameters =
        switch (gradient) {
          case OWN -> operands.out("dParameters", dBound, shape);
          case IN_PLACE -> in;
          case NONE -> null;
        };
    @Nullable Tensor shared = null;
    @Nullable Tensor dShared = null;
    if (sharedCount > 0) {
      float[] values = operands.uniform(sharedCount, -1, 1);
      shared =
          gradient == Gradient.NONE
              ? operands.in("shared", values)
              : operands.inOut("shared", values, Bound.element(1));
      Bound sum = Bound.sum(rows * features, scale);
      dShared = gradient == Gradient.NONE ? null : operands.out("dShared", sum, sharedCount);
    }
    return new LikelihoodLoss(
        likelihood,
        in,
        shared,
        operands.in("x", x, batch, features),
        mask == null ? null : operands.in("mask", mask, batch, features),
        rowWeight == null
            ? null
            : rowWeight.length == batch
                ? operands.in("rowWeight", rowWeight)
                : operands.in("rowWeight", rowWeight, batch, samples),
        operands.out("nll", Bound.sum(features, 3), batch, samples),
        dParameters,
        dShared,
        scale);
  }

  /** The largest gradient of each row, or 1 where all are less: the bound is relative to it. */
  private static double[] gradientSizes(
      Likelihood likelihood,
      float[] parameters,
      float[] x,
      float @Nullable [] mask,
      int rows,
      int samples) {
    int width = parameters.length / rows;
    int features = x.length / (rows / samples);
    double[] own = new double[width + likelihood.shared(features)];
    double[] ownX = new double[features];
    boolean[] observed = new boolean[features];
    double[] gradient = new double[own.length];
    double[] sizes = new double[rows];
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < width; k++) {
        own[k] = parameters[r * width + k];
      }
      for (int d = 0; d < features; d++) {
        int at = r / samples * features + d;
        ownX[d] = x[at];
        observed[d] = mask == null || mask[at] != 0;
      }
      likelihood.negativeLogLikelihood(own, ownX, observed, gradient);
      sizes[r] = 1;
      for (double slope : gradient) {
        double size = Math.abs(slope);
        sizes[r] = size > sizes[r] ? size : sizes[r];
      }
    }
    return sizes;
  }
}
