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
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The ops that make other posteriors and priors of the Gaussian ones: each gradient against central
 * differences of {@code dz . z - sum_r g_r (what the forward op adds to logRatio[r])}, and their
 * numbers against what is known of them.
 */
final class LatentGradientTest {
  private static final int LATENT = 3;
  private static final int BATCH = 2;
  private static final int SAMPLES = 2;
  private static final int ROWS = BATCH * SAMPLES;
  private static final float SCALE = 0.25f;
  private static final double BETA = 1.5;

  private final Backend backend = new ReferenceBackend();
  private final Ops ops = new Ops(backend);
  private final Arena arena = new Arena();
  private final Random random = new Random(11);
  private final Control control =
      new Control(arena.own(ops.allocate(DType.FLOAT64, Control.LENGTH)));
  private final Buffer logRatio = zeros(ROWS);
  private final Buffer weight = of(0.5f, 2, 1, 0.25f);

  LatentGradientTest() {
    control.set(Control.BETA, BETA).upload();
  }

  @AfterEach
  void close() {
    arena.close();
    assertEquals(0, backend.open());
    backend.close();
  }

  private Buffer zeros(int length) {
    return arena.own(ops.allocate(DType.FLOAT32, length));
  }

  private Buffer of(float... values) {
    Buffer buffer = zeros(values.length);
    buffer.write(values);
    return buffer;
  }

  private Buffer normal(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return of(values);
  }

  private PreparedOp own(PreparedOp op) {
    return arena.own(op);
  }

  /** dz . z - sum_r g_r (what the forward op adds to logRatio[r]). */
  private DoubleSupplier loss(PreparedOp forward, Buffer dz, Buffer z) {
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
    Buffer z = normal(ROWS * LATENT);
    Buffer components = normal(count * 2 * LATENT);
    @Nullable Buffer logits = withLogits ? normal(count) : null;
    @Nullable Buffer dLogits = withLogits ? zeros(count) : null;
    Buffer shares = zeros(ROWS * count);
    Buffer dz = normal(ROWS * LATENT);
    Buffer gradient = of(dz.toFloats());
    Buffer dComponents = zeros(count * 2 * LATENT);
    PreparedOp forward =
        own(
            ops.mixturePrior(
                new MixturePrior(z, components, logits, shares, logRatio, ROWS, LATENT, count)));
    PreparedOp backward =
        own(
            ops.mixturePriorBackward(
                new MixturePriorBackward(
                    z,
                    components,
                    logits,
                    shares,
                    weight,
                    gradient,
                    dComponents,
                    dLogits,
                    control,
                    ROWS,
                    LATENT,
                    count,
                    SCALE)));
    forward.run();
    backward.run();
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
    Buffer z = normal(ROWS * LATENT);
    float[] before = normal(ROWS).toFloats();
    logRatio.write(before);
    own(ops.mixturePrior(
            new MixturePrior(
                z, zeros(2 * LATENT), zeros(1), zeros(ROWS), logRatio, ROWS, LATENT, 1)))
        .run();
    assertEquals(0, Arrays.compare(before, logRatio.toFloats()));
  }

  @Test
  void gaussianPrior() {
    Buffer z = normal(ROWS * LATENT);
    Buffer components = normal(ROWS * 2 * LATENT);
    Buffer dz = normal(ROWS * LATENT);
    Buffer gradient = of(dz.toFloats());
    Buffer dComponents = zeros(ROWS * 2 * LATENT);
    PreparedOp forward =
        own(ops.gaussianPrior(new GaussianPrior(z, components, logRatio, ROWS, LATENT)));
    own(ops.gaussianPriorBackward(
            new GaussianPriorBackward(
                z, components, weight, gradient, dComponents, control, ROWS, LATENT, SCALE)))
        .run();
    DoubleSupplier loss = loss(forward, dz, z);
    GradientTest.check("dz", z, gradient, loss);
    GradientTest.check("dComponents", components, dComponents, loss);
  }

  /** A flow whose parameters start behind two columns that are not its own. */
  private PreparedOp flow(Buffer parameters, Buffer z0, Buffer z, Buffer tanh, int layers) {
    return own(
        ops.planarFlow(
            new PlanarFlow(
                parameters, z0, z, tanh, logRatio, BATCH, SAMPLES, LATENT, layers, width(layers))));
  }

  private static int width(int layers) {
    return 2 + layers * PlanarFlow.parametersPerLayer(LATENT);
  }

  @Test
  void planarFlow() {
    int layers = 3;
    Buffer parameters = normal(BATCH * width(layers));
    Buffer z0 = normal(ROWS * LATENT);
    Buffer z = zeros(ROWS * LATENT);
    Buffer tanh = zeros(ROWS * layers);
    Buffer dz = normal(ROWS * LATENT);
    Buffer gradient = of(dz.toFloats());
    Buffer dParameters = zeros(BATCH * width(layers));
    PreparedOp forward = flow(parameters, z0, z, tanh, layers);
    forward.run();
    own(ops.planarFlowBackward(
            new PlanarFlowBackward(
                parameters,
                z,
                tanh,
                weight,
                gradient,
                dParameters,
                control,
                BATCH,
                SAMPLES,
                LATENT,
                layers,
                width(layers),
                SCALE)))
        .run();
    DoubleSupplier loss = loss(forward, dz, z);
    GradientTest.check("dz", z0, gradient, loss);
    GradientTest.check("dParameters", parameters, dParameters, loss);
  }

  @Test
  void triangularMap() {
    int width = 2 + TriangularMap.entries(LATENT);
    Buffer parameters = normal(BATCH * width);
    Buffer z0 = normal(ROWS * LATENT);
    Buffer z = zeros(ROWS * LATENT);
    Buffer dz = normal(ROWS * LATENT);
    Buffer gradient = of(dz.toFloats());
    Buffer dParameters = zeros(BATCH * width);
    PreparedOp forward =
        own(
            ops.triangularMap(
                new TriangularMap(parameters, z0, z, logRatio, BATCH, SAMPLES, LATENT, width)));
    forward.run();
    own(ops.triangularMapBackward(
            new TriangularMapBackward(
                parameters,
                z0,
                z,
                weight,
                gradient,
                dParameters,
                control,
                BATCH,
                SAMPLES,
                LATENT,
                width,
                SCALE)))
        .run();
    DoubleSupplier loss = loss(forward, dz, z);
    GradientTest.check("dz", z0, gradient, loss);
    GradientTest.check("dParameters", parameters, dParameters, loss);
  }

  /** exp of what a flow adds, less the normals' part, is its Jacobian's determinant. */
  @Test
  void planarFlowsDeterminantIsThatOfItsJacobian() {
    int layers = 2;
    // u against w, so that v is moved along w.
    float[] values = normal(BATCH * width(layers)).toFloats();
    for (int t = 0; t < layers; t++) {
      for (int j = 0; j < LATENT; j++) {
        int u = 2 + t * PlanarFlow.parametersPerLayer(LATENT) + j;
        values[u] = -1.5f * values[u + LATENT];
      }
    }
    Buffer parameters = of(values);
    Buffer z0 = normal(ROWS * LATENT);
    Buffer z = zeros(ROWS * LATENT);
    PreparedOp forward = flow(parameters, z0, z, zeros(ROWS * layers), layers);
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

  private static double[][] jacobian(PreparedOp forward, Buffer z0, Buffer z, int row) {
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
