// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

/** The formats of exported models. */
public enum ExportFormat {
  /** Graphs of ONNX operators. */
  ONNX,
  /** Weights and a program for PyTorch. */
  TORCH,
  /** Weights and programs for the native library. */
  NATIVE
}
