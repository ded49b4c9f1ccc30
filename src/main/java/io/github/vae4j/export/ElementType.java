// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;

/** The types of a graph's tensors. */
enum ElementType {
  FLOAT(DataType.FLOAT),
  DOUBLE(DataType.DOUBLE),
  INT64(DataType.INT64),
  UINT8(DataType.UINT8),
  BOOL(DataType.BOOL),
  STRING(DataType.STRING);

  private final DataType type;

  ElementType(DataType type) {
    this.type = type;
  }

  /** Its number in ONNX. */
  int number() {
    return type.getNumber();
  }
}
