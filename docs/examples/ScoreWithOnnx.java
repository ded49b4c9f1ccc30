// SPDX-License-Identifier: Apache-2.0

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/**
 * Scores rows of numbers with an exported model; it needs ONNX Runtime and no class of vae4j.
 *
 * <p>{@code java -cp onnxruntime-1.28.0.jar ScoreWithOnnx.java exported/score.onnx}
 */
public final class ScoreWithOnnx implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final int columns;
  private final int latent;

  ScoreWithOnnx(String file) throws OrtException {
    session = environment.createSession(file);
    columns = Math.toIntExact(shape("x")[1]);
    latent = Math.toIntExact(shape("eps")[2]);
  }

  private long[] shape(String input) throws OrtException {
    return ((TensorInfo) session.getInputInfo().get(input).getInfo()).getShape();
  }

  /** The anomaly scores of rows, in nats: each row has the same samples of the noise. */
  float[] score(float[][] rows, int samples, long seed) throws OrtException {
    Random random = new Random(seed);
    float[] draws = new float[samples * latent];
    for (int i = 0; i < draws.length; i++) {
      draws[i] = (float) random.nextGaussian();
    }
    FloatBuffer x = FloatBuffer.allocate(rows.length * columns);
    FloatBuffer eps = FloatBuffer.allocate(rows.length * draws.length);
    for (float[] row : rows) {
      x.put(row);
      eps.put(draws);
    }
    long[] sizes = {rows.length, samples, latent};
    try (OnnxTensor values =
            OnnxTensor.createTensor(environment, x.flip(), new long[] {rows.length, columns});
        OnnxTensor noise = OnnxTensor.createTensor(environment, eps.flip(), sizes);
        OrtSession.Result result = session.run(Map.of("x", values, "eps", noise))) {
      return (float[]) result.get("score").orElseThrow().getValue();
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }

  public static void main(String[] arguments) throws OrtException {
    try (ScoreWithOnnx model = new ScoreWithOnnx(arguments[0])) {
      float[][] rows = new float[3][model.columns];
      Arrays.fill(rows[1], 0.5f);
      Arrays.fill(rows[2], 1);
      System.out.println(Arrays.toString(model.score(rows, 64, 0)));
    }
  }
}
