// SPDX-License-Identifier: Apache-2.0
/**
 * Variational autoencoders: models, training, inference and measures of models.
 *
 * <p>Ops, nets, the implementations of backends, randomness, {@code bench} and the command line are
 * also in this module, but not exported. Optional are the CUDA bindings (for the cuda backend),
 * ONNX Runtime and EJML (for Frechet distances), Tribuo's classes of ONNX's format (for exports),
 * DuckDB (for Parquet, Arrow and SQL), picocli and XChart (for the command line).
 */
@SuppressWarnings("requires-automatic") // EJML's jars declare no module names.
module io.github.vae4j {
  requires com.fasterxml.jackson.core;
  requires de.siegmar.fastcsv;
  requires transitive java.desktop;
  requires java.sql;
  requires org.bytedeco.dnnl.linux.x86_64;
  requires org.bytedeco.javacpp;
  requires org.bytedeco.javacpp.linux.x86_64;
  requires org.slf4j;
  requires static com.google.protobuf;
  requires static com.microsoft.onnxruntime;
  requires static duckdb.jdbc;
  requires static ejml.core;
  requires static ejml.ddense;
  requires static info.picocli;
  requires static transitive org.jspecify;
  requires static org.bytedeco.cuda;
  requires static org.tribuo.util.onnx;
  requires static org.knowm.xchart;

  exports io.github.vae4j;
  exports io.github.vae4j.backend;
  exports io.github.vae4j.checkpoint;
  exports io.github.vae4j.data;
  exports io.github.vae4j.export;
  exports io.github.vae4j.infer;
  exports io.github.vae4j.likelihood;
  exports io.github.vae4j.metrics;
  exports io.github.vae4j.model;
  exports io.github.vae4j.picture;
  exports io.github.vae4j.schema;
  exports io.github.vae4j.table;
  exports io.github.vae4j.sampler;
  exports io.github.vae4j.tensor;
  exports io.github.vae4j.train;

  // picocli sets fields that options are declared on.
  opens io.github.vae4j.cli to
      info.picocli;
  opens io.github.vae4j.cli.options to
      info.picocli;
}
