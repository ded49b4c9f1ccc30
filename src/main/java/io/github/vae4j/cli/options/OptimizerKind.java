// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

/** The optimizers by their names. */
enum OptimizerKind {
  ADAM,
  ADAMW
}
