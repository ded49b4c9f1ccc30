// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The attributes of a node. */
final class Attributes {
  private final List<AttributeProto> all = new ArrayList<>();

  /** Those that were set. */
  List<AttributeProto> all() {
    return all;
  }

  private static AttributeProto.Builder of(String name, AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }

  Attributes number(String name, float value) {
    all.add(of(name, AttributeType.FLOAT).setF(value).build());
    return this;
  }

  Attributes whole(String name, long value) {
    all.add(of(name, AttributeType.INT).setI(value).build());
    return this;
  }

  Attributes wholes(String name, long... values) {
    AttributeProto.Builder attribute = of(name, AttributeType.INTS);
    Arrays.stream(values).forEach(attribute::addInts);
    all.add(attribute.build());
    return this;
  }

  Attributes text(String name, String value) {
    all.add(of(name, AttributeType.STRING).setS(ByteString.copyFromUtf8(value)).build());
    return this;
  }

  Attributes texts(String name, List<String> values) {
    AttributeProto.Builder attribute = of(name, AttributeType.STRINGS);
    values.forEach(value -> attribute.addStrings(ByteString.copyFromUtf8(value)));
    all.add(attribute.build());
    return this;
  }

  Attributes graph(String name, GraphProto body) {
    all.add(of(name, AttributeType.GRAPH).setG(body).build());
    return this;
  }
}
