// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph of ONNX operators while it is built. Nodes are in the order in which they are made, which
 * is one in which they can be computed.
 */
final class Graph {
  /** The name of the dimension of rows. */
  static final String BATCH = "batch";

  private static final int IR_VERSION = 8;
  private static final int OPSET = 17;
  private static final int ML_OPSET = 3;
  private static final String ML = "ai.onnx.ml";

  private final GraphProto.Builder proto;
  private final Set<String> names = new HashSet<>();
  private final Map<Scalar, Value> scalars = new HashMap<>();
  private int next;

  private record Scalar(ElementType type, double number) {}

  /**
   * An empty graph.
   *
   * @param name of the graph
   * @param reserved names of inputs and outputs, which no value between them gets
   */
  Graph(String name, Set<String> reserved) {
    proto = GraphProto.newBuilder().setName(name);
    names.addAll(reserved);
  }

  private String fresh(String stem) {
    String name = stem + next++;
    while (!names.add(name)) {
      name = stem + next++;
    }
    return name;
  }

  /**
   * A type of a tensor.
   *
   * @param dims sizes; a text is the name of a dimension of any size
   */
  private static ValueInfoProto info(String name, ElementType type, List<Object> dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object dim : dims) {
      TensorShapeProto.Dimension.Builder one = shape.addDimBuilder();
      if (dim instanceof String text) {
        one.setDimParam(text);
      } else {
        one.setDimValue(((Number) dim).longValue());
      }
    }
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder().setElemType(type.number()).setShape(shape).build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  Value input(String name, ElementType type, List<Object> dims) {
    proto.addInput(info(name, type, dims));
    names.add(name);
    return new Value(this, name, type);
  }

  /** Gives a value a name by which it is a result of the graph. */
  void output(String name, Value value, List<Object> dims) {
    rename(value, name);
    proto.addOutput(info(name, value.type(), dims));
  }

  Value constant(float[] values, long... dims) {
    return initializer(fresh("c"), values, dims);
  }

  /** A tensor of a model's weights. */
  Value initializer(String name, float[] values, long... dims) {
    names.add(name);
    ByteBuffer bytes = bytes(values.length, Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return constant(name, ElementType.FLOAT, bytes, dims);
  }

  Value constant(double[] values, long... dims) {
    ByteBuffer bytes = bytes(values.length, Double.BYTES);
    bytes.asDoubleBuffer().put(values);
    return constant(fresh("c"), ElementType.DOUBLE, bytes, dims);
  }

  Value constant(long[] values, long... dims) {
    ByteBuffer bytes = bytes(values.length, Long.BYTES);
    bytes.asLongBuffer().put(values);
    return constant(fresh("c"), ElementType.INT64, bytes, dims);
  }

  /** A number of a type, FLOAT or DOUBLE or INT64. */
  Value scalar(ElementType type, double number) {
    return scalars.computeIfAbsent(
        new Scalar(type, number),
        key ->
            switch (type) {
              case FLOAT -> constant(new float[] {(float) number});
              case DOUBLE -> constant(new double[] {number});
              case INT64 -> constant(new long[] {(long) number});
              default -> throw new IllegalArgumentException("no numbers: " + type);
            });
  }

  Value constant(boolean value) {
    return constant(
        fresh("c"), ElementType.BOOL, ByteBuffer.wrap(new byte[] {(byte) (value ? 1 : 0)}));
  }

  private static ByteBuffer bytes(int count, int size) {
    return ByteBuffer.allocate(Math.multiplyExact(count, size)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private Value constant(String name, ElementType type, ByteBuffer bytes, long... dims) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.number())
            .setRawData(ByteString.copyFrom(bytes));
    Arrays.stream(dims).forEach(tensor::addDims);
    proto.addInitializer(tensor);
    return new Value(this, name, type);
  }

  /** A node of the standard operators with one output. */
  Value node(String operator, ElementType type, List<Value> inputs, Attributes attributes) {
    return node(operator, "", type, inputs, attributes);
  }

  /** A node of the operators for tables. */
  Value tableNode(String operator, ElementType type, List<Value> inputs, Attributes attributes) {
    return node(operator, ML, type, inputs, attributes);
  }

  private Value node(
      String operator, String domain, ElementType type, List<Value> inputs, Attributes attributes) {
    String output = fresh("v");
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setOpType(operator)
            .setDomain(domain)
            .setName(fresh("node"))
            .addAllAttribute(attributes.all());
    inputs.forEach(input -> node.addInput(input.name()));
    proto.addNode(node.addOutput(output));
    return new Value(this, output, type);
  }

  /** The value of one iteration of {@link #sum}. */
  interface Term {
    Value at(Value index);
  }

  /**
   * A sum that is computed term by term, so that memory does not grow with their number. A term may
   * use values of this graph.
   *
   * @param count of terms
   * @param zero the value of a sum of no terms
   * @param term from the term's number, INT64, 0 for the first
   */
  Value sum(long count, Value zero, Term term) {
    Graph body = new Graph(fresh("body"), names);
    Value index = body.input(fresh("index"), ElementType.INT64, List.of());
    Value going = body.input(fresh("going"), ElementType.BOOL, List.of());
    Value sum = new Value(body, fresh("sum"), zero.type());
    body.proto.addInput(unshaped(sum.name(), zero.type()));
    Value next = sum.plus(term.at(index));
    body.unshapedOutput(fresh("still"), going);
    body.unshapedOutput(fresh("total"), next);
    names.addAll(body.names);
    return node(
        "Loop",
        zero.type(),
        List.of(constant(new long[] {count}), constant(true), zero),
        new Attributes().graph("body", body.proto.build()));
  }

  private void rename(Value value, String name) {
    proto.addNode(
        NodeProto.newBuilder()
            .setOpType("Identity")
            .setName(fresh("node"))
            .addInput(value.name())
            .addOutput(name));
  }

  private void unshapedOutput(String name, Value value) {
    rename(value, name);
    proto.addOutput(unshaped(name, value.type()));
  }

  private static ValueInfoProto.Builder unshaped(String name, ElementType type) {
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type.number())));
  }

  /**
   * The finished model.
   *
   * @param version of vae4j
   * @param metadata by their keys
   */
  ModelProto model(String version, Map<String, String> metadata) {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("vae4j")
            .setProducerVersion(version)
            .setGraph(proto)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET));
    if (proto.getNodeList().stream().anyMatch(node -> node.getDomain().equals(ML))) {
      model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(ML).setVersion(ML_OPSET));
    }
    metadata.forEach(
        (key, value) ->
            model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model.build();
  }
}
