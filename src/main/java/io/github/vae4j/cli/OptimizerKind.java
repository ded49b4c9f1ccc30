package io.github.vae4j.cli;

/** The optimizers by their names. */
enum OptimizerKind {
  ADAM,
  ADAMW
}
