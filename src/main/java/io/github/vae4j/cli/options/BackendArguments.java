// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import picocli.CommandLine.Option;

/** The options of a command's backend. */
public final class BackendArguments {
  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "auto (the best that works here), reference, cpu or cuda (default auto).")
  private BackendOptions.Kind kind = BackendOptions.Kind.AUTO;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "CPU threads (default 0: the number that doctor shows).")
  private int threads;

  @Option(
      names = "--precision",
      paramLabel = "TYPE",
      description = "Of matrix products: fp32, tf32 or bf16 (default fp32).")
  private Precision precision = Precision.FP32;

  /**
   * The requested backend.
   *
   * @return its options
   */
  public BackendOptions options() {
    return new BackendOptions(kind, threads, precision);
  }
}
