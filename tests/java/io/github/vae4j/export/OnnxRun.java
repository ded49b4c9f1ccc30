// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs graphs in ONNX Runtime. */
final class OnnxRun {
  /** A result. */
  @SuppressWarnings("ArrayRecordComponent")
  record Result(float[] values, long[] dims) {}

  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final OrtEnvironment environment =
      OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "vae4j");

  OnnxRun put(String name, float[] values, long... dims) throws OrtException {
    inputs.put(name, OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), dims));
    return this;
  }

  OnnxRun put(String name, double[] values) throws OrtException {
    long[] dims = {values.length};
    inputs.put(name, OnnxTensor.createTensor(environment, DoubleBuffer.wrap(values), dims));
    return this;
  }

  OnnxRun put(String name, long[] values) throws OrtException {
    long[] dims = {values.length};
    inputs.put(name, OnnxTensor.createTensor(environment, LongBuffer.wrap(values), dims));
    return this;
  }

  OnnxRun put(String name, byte[] values, long... dims) throws OrtException {
    inputs.put(
        name,
        OnnxTensor.createTensor(environment, ByteBuffer.wrap(values), dims, OnnxJavaType.UINT8));
    return this;
  }

  OnnxRun put(String name, String[] values) throws OrtException {
    inputs.put(name, OnnxTensor.createTensor(environment, values, new long[] {values.length}));
    return this;
  }

  /** A graph, to be closed. */
  static OrtSession open(Path file) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "vae4j")
          .createSession(file.toString(), options);
    }
  }

  /** The results of a graph by their names. */
  Map<String, Result> run(OrtSession graph) throws OrtException {
    Map<String, Result> results = new HashMap<>();
    Map<String, OnnxTensor> own = new HashMap<>(inputs);
    own.keySet().retainAll(graph.getInputNames());
    try (OrtSession.Result result = graph.run(own)) {
      for (Map.Entry<String, OnnxValue> output : result) {
        OnnxTensor tensor = (OnnxTensor) output.getValue();
        FloatBuffer buffer = tensor.getFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        results.put(output.getKey(), new Result(values, tensor.getInfo().getShape()));
      }
    }
    return results;
  }
}
