// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.github.vae4j.VaeException;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.tensor.Matrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A network run by ONNX Runtime. No other class uses ONNX Runtime. */
final class OnnxFeatures implements ImageFeatures {
  private static final int BATCH = 50;

  private final Path file;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String input;
  private final long[] inputShape;
  private final boolean channelsFirst;

  private OnnxFeatures(Path file, OrtEnvironment environment, OrtSession session)
      throws OrtException {
    this.file = file;
    this.environment = environment;
    this.session = session;
    List<NodeInfo> inputs = List.copyOf(session.getInputInfo().values());
    if (inputs.size() != 1
        || !(inputs.get(0).getInfo() instanceof TensorInfo tensor)
        || tensor.type != OnnxJavaType.FLOAT
        || tensor.getShape().length != 4) {
      throw misfit(inputs.toString());
    }
    input = inputs.get(0).getName();
    inputShape = tensor.getShape();
    channelsFirst = inputShape[1] == 3;
    if (!channelsFirst && inputShape[3] != 3) {
      throw misfit("float32 of shape " + Arrays.toString(inputShape));
    }
  }

  private VaeException misfit(String given) {
    return new VaeException(
        file
            + ": expected a network with one input, float32 of shape (N, 3, H, W) or (N, H, W, 3),"
            + " given "
            + given);
  }

  static OnnxFeatures open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new VaeException(file + ": no such file; expected a network in ONNX");
    }
    OnnxTelemetry.refuse(
        OrtEnvironment.class.getPackage().getImplementationVersion(),
        System.getenv(OnnxTelemetry.SWITCH));
    try {
      OrtEnvironment environment =
          OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "vae4j");
      environment.setTelemetry(false);
      OrtSession session;
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        session = environment.createSession(file.toString(), options);
      }
      try {
        return new OnnxFeatures(file, environment, session);
      } catch (VaeException | OrtException e) {
        session.close();
        throw e;
      }
    } catch (OrtException e) {
      throw new VaeException(file + ": is not a network that can be run: " + e.getMessage(), e);
    }
  }

  @Override
  public Matrix features(Matrix images, ImageShape shape) {
    shape.requireColours("FID");
    int batch = inputShape[0] > 0 ? Math.toIntExact(inputShape[0]) : BATCH;
    int height = side(inputShape[channelsFirst ? 2 : 1], shape.height());
    int width = side(inputShape[channelsFirst ? 3 : 2], shape.width());
    RgbResize resize = new RgbResize(shape, width, height, channelsFirst);
    Matrix all = null;
    for (int first = 0; first < images.rows(); first += batch) {
      int count = Math.min(batch, images.rows() - first);
      // A network with a fixed batch size gets zeros after the last image.
      int given = inputShape[0] > 0 ? batch : count;
      FloatBuffer pixels =
          ByteBuffer.allocateDirect(Math.multiplyExact(given, resize.length() * Float.BYTES))
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      for (int row = 0; row < count; row++) {
        pixels.put(resize.resize(images, first + row));
      }
      float[] output = run(pixels.rewind(), resize.dimensions(given));
      int features = output.length / given;
      if (all == null) {
        all = Matrix.zeros(images.rows(), features);
      }
      System.arraycopy(output, 0, all.values(), first * features, count * features);
    }
    return all == null ? Matrix.zeros(0, 1) : all;
  }

  private static int side(long wanted, int own) {
    return wanted > 0 ? Math.toIntExact(wanted) : own;
  }

  private float[] run(FloatBuffer pixels, long[] dimensions) {
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, pixels, dimensions);
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      if (!(result.get(0) instanceof OnnxTensor output)
          || output.getInfo().type != OnnxJavaType.FLOAT) {
        throw new VaeException(
            file + ": expected a first output of float32, given " + result.get(0).getInfo());
      }
      FloatBuffer values = output.getFloatBuffer();
      long rows = dimensions[0];
      if (values.remaining() == 0 || values.remaining() % rows != 0) {
        throw new VaeException(
            file
                + ": expected as many features for each of "
                + rows
                + " images, given an output of shape "
                + Arrays.toString(output.getInfo().getShape()));
      }
      float[] all = new float[values.remaining()];
      values.get(all);
      return all;
    } catch (OrtException e) {
      throw new VaeException(file + ": failed on images: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new VaeException(file + ": cannot be closed: " + e.getMessage(), e);
    }
  }
}
