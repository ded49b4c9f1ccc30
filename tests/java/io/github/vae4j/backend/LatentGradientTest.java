// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.GaussianPrior;
import io.github.vae4j.backend.op.GaussianPriorBackward;
import io.github.vae4j.backend.op.MixturePrior;
import io.github.vae4j.backend.op.MixturePriorBackward;
import io.github.vae4j.backend.op.PlanarFlow;
import io.github.vae4j.backend.op.PlanarFlowBackward;
import io.github.vae4j.backend.op.TriangularMap;
import io.github.vae4j.backend.op.TriangularMapBackward;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.Arrays;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The ops of further posteriors and priors: each gradient against central differences of {@code dz
 * . z - sum_r g_r (the term of the forward op in logRatio[r])}, and their values against known
 * ones.
 */
final class LatentGradientTest {
  private static final int LATENT = 3;
  private static final int BATCH = 2;
  private static final int SAMPLES = 2;
  private static final int ROWS = BATCH * SAMPLES;
  private static final float SCALE = 0.25f;
  private static final double BETA = 1.5;

  @AutoClose private final ReferenceTensors tensors = new ReferenceTensors(11);
  private final Control control = new Control(tensors.allocate(DType.FLOAT64, Control.LENGTH));
  private final Tensor logRatio = tensors.zeros(BATCH, SAMPLES);
  private final Tensor weight = tensors.zeros(BATCH, SAMPLES);

  LatentGradientTest() {
    control.set(Control.BETA, BETA).upload();
    weight.write(new float[] {0.5f, 2, 1, 0.25f});
  }

  private Tensor codes() {
    return tensors.normal(BATCH, SAMPLES, LATENT);
  }

  private Tensor copy(Tensor tensor) {
    Tensor copy = tensors.zeros(BATCH, SAMPLES, LATENT);
    copy.write(tensor.toFloats());
    return copy;
  }

  /** dz . z - sum_r g_r (the term of the forward op in logRatio[r]). */
  private DoubleSupplier loss(Program forward, Tensor dz, Tensor z) {
    return () -> {
      logRatio.write(new float[ROWS]);
      forward.run();
      return GradientTest.dot(dz, z) - SCALE * BETA * GradientTest.dot(weight, logRatio);
    };
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void mixturePrior(boolean withLogits) {
    int count = 3;
    Tensor z = codes();
    Tensor components = tensors.normal(count, 2 * LATENT);
    @Nullable Tensor logits = withLogits ? tensors.normal(count) : null;
    @Nullable Tensor dLogits = withLogits ? tensors.zeros(count) : null;
    Tensor shares = tensors.zeros(BATCH, SAMPLES, count);
    Tensor dz = codes();
    Tensor gradient = copy(dz);
    Tensor dComponents = tensors.zeros(count, 2 * LATENT);
    MixturePrior prior = new MixturePrior(z, components, logits, shares, logRatio);
    Program forward = tensors.compile(prior);
    forward.run();
    tensors
        .compile(
            new MixturePriorBackward(prior, weight, gradient, dComponents, dLogits, control, SCALE))
        .run();
    DoubleSupplier loss = loss(forward, dz, z);
    GradientTest.check("dz", z, gradient, loss);
    GradientTest.check("dComponents", components, dComponents, loss);
    if (logits != null && dLogits != null) {
      GradientTest.check("dLogits", logits, dLogits, loss);
    }
  }

  /** A component that is the standard normal changes nothing, to the last bit. */
  @Test
  void oneStandardComponentIsTheStandardNormal() {
    Tensor z = codes();
    float[] before = tensors.normal(ROWS).toFloats();
    logRatio.write(before);
    Tensor shares = tensors.zeros(BATCH, SAMPLES, 1);
    tensors
        .compile(
            new MixturePrior(z, tensors.zeros(1, 2 * LATENT), tensors.zeros(1), shares, logRatio))
        .run();
    assertEquals(0, Arrays.compare(before, logRatio.toFloats()));
  }

  @Test
  void gaussianPrior() {
    Tensor z = codes();
    Tensor components = tensors.normal(BATCH, SAMPLES, 2 * LATENT);
    Tensor dz = codes();
    Tensor gradient = copy(dz);
    Tensor dComponents = tensors.zeros(BATCH, SAMPLES, 2 * LATENT);
    GaussianPrior prior = new GaussianPrior(z, components, logRatio);
    Program forward = tensors.compile(prior);
    tensors
        .compile(new GaussianPriorBackward(prior, weight, gradient, dComponents, control, SCALE))
        .run();
    DoubleSupplier loss = loss(forward, dz, z);
    GradientTest.check("dz", z, gradient, loss);
    GradientTest.check("dComponents", components, dComponents, loss);
  }

  /** Of parameters that start behind two columns that are not the flow's. */
  private static int width(int layers) {
    return 2 + layers * PlanarFlow.parametersPerLayer(LATENT);
  }

  @Test
  void planarFlow() {
    int layers = 3;
    Tensor parameters = tensors.normal(BATCH, width(layers));
    Tensor z0 = codes();
    Tensor z = tensors.zeros(BATCH, SAMPLES, LATENT);
    Tensor tanh = tensors.zeros(BATCH, SAMPLES, layers);
    Tensor dz = codes();
    Tensor gradient = copy(dz);
    Tensor dParameters = tensors.zeros(BATCH, width(layers));
    PlanarFlow flow = new PlanarFlow(parameters, z0, z, tanh, logRatio);
    Program forward = tensors.compile(flow);
    forward.run();
    tensors
        .compile(new PlanarFlowBackward(flow, weight, gradient, dParameters, control, SCALE))
        .run();
    DoubleSupplier loss = loss(forward, dz, z);
    GradientTest.check("dz", z0, gradient, loss);
    GradientTest.check("dParameters", parameters, dParameters, loss);
  }

  @Test
  void triangularMap() {
    int width = 2 + TriangularMap.entries(LATENT);
    Tensor parameters = tensors.normal(BATCH, width);
    Tensor z0 = codes();
    Tensor z = tensors.zeros(BATCH, SAMPLES, LATENT);
    Tensor dz = codes();
    Tensor gradient = copy(dz);
    Tensor dParameters = tensors.zeros(BATCH, width);
    TriangularMap map = new TriangularMap(parameters, z0, z, logRatio);
    Program forward = tensors.compile(map);
    forward.run();
    tensors
        .compile(new TriangularMapBackward(map, weight, gradient, dParameters, control, SCALE))
        .run();
    DoubleSupplier loss = loss(forward, dz, z);
    GradientTest.check("dz", z0, gradient, loss);
    GradientTest.check("dParameters", parameters, dParameters, loss);
  }

  /** exp of a flow's term, less that of the normals, is the determinant of its Jacobian. */
  @Test
  void planarFlowsDeterminantIsThatOfItsJacobian() {
    int layers = 2;
    // u against w, so that v is moved along w.
    Tensor parameters = tensors.normal(BATCH, width(layers));
    float[] values = parameters.toFloats();
    for (int t = 0; t < layers; t++) {
      for (int j = 0; j < LATENT; j++) {
        int u = 2 + t * PlanarFlow.parametersPerLayer(LATENT) + j;
        values[u] = -1.5f * values[u + LATENT];
      }
    }
    parameters.write(values);
    Tensor z0 = codes();
    Tensor z = tensors.zeros(BATCH, SAMPLES, LATENT);
    Tensor tanh = tensors.zeros(BATCH, SAMPLES, layers);
    Program forward = tensors.compile(new PlanarFlow(parameters, z0, z, tanh, logRatio));
    for (int row = 0; row < ROWS; row++) {
      logRatio.write(new float[ROWS]);
      forward.run();
      double normals = 0;
      for (int j = 0; j < LATENT; j++) {
        double before = z0.toFloats()[row * LATENT + j];
        double after = z.toFloats()[row * LATENT + j];
        normals += (before * before - after * after) / 2;
      }
      double determinant = Math.exp(logRatio.toFloats()[row] - normals);
      assertTrue(determinant > 0);
      assertEquals(determinant(jacobian(forward, z0, z, row)), determinant, 2e-3 * determinant);
    }
  }

  private static double[][] jacobian(Program forward, Tensor z0, Tensor z, int row) {
    float step = 0x1p-9f;
    double[][] jacobian = new double[LATENT][LATENT];
    float[] kept = z0.toFloats();
    for (int j = 0; j < LATENT; j++) {
      for (int sign : new int[] {1, -1}) {
        float[] moved = kept.clone();
        moved[row * LATENT + j] += sign * step;
        double exact = 2.0 * (moved[row * LATENT + j] - kept[row * LATENT + j]) * sign;
        z0.write(moved);
        forward.run();
        float[] after = z.toFloats();
        for (int i = 0; i < LATENT; i++) {
          jacobian[i][j] += sign * after[row * LATENT + i] / exact;
        }
      }
    }
    z0.write(kept);
    return jacobian;
  }

  private static double determinant(double[][] m) {
    return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
        - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
  }
}
