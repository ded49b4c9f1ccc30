// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import io.github.vae4j.Interpolation;
import io.github.vae4j.Sampling;
import io.github.vae4j.Vae;
import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Inlet;
import io.github.vae4j.backend.Outlet;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.infer.AnnealOptions;
import io.github.vae4j.infer.InferenceConfig;
import io.github.vae4j.infer.RowPosterior;
import io.github.vae4j.infer.RowScorer;
import io.github.vae4j.metrics.CornerFeatures;
import io.github.vae4j.metrics.Factors;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.tensor.Tensor;
import io.github.vae4j.train.TrainListener;
import io.github.vae4j.train.TrainState;
import io.github.vae4j.train.Trainer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model with a trainer, a buffer and programs, and every call that uses its backend. The name of
 * a call is its class and method, and, after a blank, the form of the call.
 */
final class ModelUses implements AutoCloseable {
  final Vae vae;
  final Trainer trainer;
  final Map<String, Runnable> uses = new LinkedHashMap<>();
  final Map<String, Runnable> ends = new LinkedHashMap<>();
  private final Arena arena = new Arena();

  ModelUses(Vae vae, Path folder) {
    this.vae = vae;
    DataSet data = arena.own(SmallModel.rows());
    trainer = arena.own(vae.trainer(data, data, SmallModel.config(2), TrainListener.NONE));
    TrainState state = trainer.state();
    float[] weights = vae.weights();
    Matrix codes = Matrix.zeros(3, 2);
    uses.put("Vae.save", () -> vae.save(folder.resolve("model.safetensors")));
    uses.put("Vae.train", () -> vae.train(data, null, SmallModel.config(1), TrainListener.NONE));
    uses.put(
        "Vae.trainer",
        () -> vae.trainer(data, null, SmallModel.config(1), TrainListener.NONE).close());
    uses.put("Vae.weights", vae::weights);
    uses.put("Vae.setWeights", () -> vae.setWeights(weights));
    uses.put("Vae.evaluate", () -> vae.evaluate(data));
    uses.put("Vae.score", () -> vae.score(data));
    uses.put("Vae.encode", () -> vae.encode(data));
    uses.put("Vae.decode", () -> vae.decode(codes));
    uses.put("Vae.decode of conditions", () -> vae.decode(codes, null));
    uses.put("Vae.reconstruct", () -> vae.reconstruct(data));
    DataSet two = arena.own(DataSets.of(Matrix.zeros(2, SmallModel.FEATURES)));
    uses.put("Vae.interpolate", () -> vae.interpolate(two, Interpolation.linear(3)));
    uses.put("Vae.sample", () -> vae.sample(Sampling.of(3)));
    uses.put("Measures.logLikelihood", () -> vae.measure().logLikelihood(data, 3, 0));
    uses.put("Measures.rowLogLikelihoods", () -> vae.measure().rowLogLikelihoods(data, 3, 0));
    uses.put("Measures.rowScorer", () -> vae.measure().rowScorer(data, 3, 0).close());
    RowScorer scorer = arena.own(vae.measure().rowScorer(data, 3, 0));
    uses.put("RowScorer.score", () -> scorer.score(0));
    uses.put("RowScorer.outputs", () -> scorer.outputs(0));
    ends.put("RowScorer.close", scorer::close);
    uses.put("Measures.rowPosterior", () -> vae.measure().rowPosterior(data, 3, 0).close());
    RowPosterior posterior = arena.own(vae.measure().rowPosterior(data, 3, 0));
    uses.put("RowPosterior.infer", () -> posterior.infer(0));
    ends.put("RowPosterior.close", posterior::close);
    uses.put(
        "Measures.annealedLogLikelihood",
        () -> vae.measure().annealedLogLikelihood(data, new AnnealOptions(2, 3, 2), 0));
    uses.put("Measures.information", () -> vae.measure().information(data, 3, 0));
    uses.put("Measures.optimize", () -> vae.measure().optimize(data, InferenceConfig.defaults()));
    uses.put("Measures.posteriorSamples", () -> vae.measure().posteriorSamples(data, 2, 0));
    uses.put("Measures.aggregatePosterior", () -> vae.measure().aggregatePosterior(data, 1, 0));
    uses.put("Measures.weightedPosterior", () -> vae.measure().weightedPosterior(data, 1, 0));
    uses.put("Measures.sharpness", () -> vae.measure().sharpness(data, 0));
    uses.put("Measures.frechet", () -> vae.measure().frechet(data, new CornerFeatures(), 0));
    uses.put("Measures.disentanglement", () -> vae.measure().disentanglement(data, factors()));
    uses.put("Trainer.run", () -> trainer.run(() -> false));
    uses.put("Trainer.state", trainer::state);
    uses.put("Trainer.weights", trainer::weights);
    uses.put("Trainer.setWeights", () -> trainer.setWeights(weights));
    uses.put("Trainer.restore", () -> trainer.restore(state));
    ofBackend(vae.backend());
    ends.put("Trainer.close", trainer::close);
    ends.put("Vae.close", vae::close);
    ends.put("Backend.close", vae.backend()::close);
  }

  private void ofBackend(Backend backend) {
    Buffer buffer = arena.own(backend.allocate(DType.FLOAT32, 4));
    Buffer numbers = arena.own(backend.allocate(DType.FLOAT64, 8 * Control.LENGTH));
    Tensor square = new Tensor(buffer, 2, 2);
    Tensor bias = new Tensor(buffer.slice(0, 2), 2);
    Tensor target = backend.tensor(arena, 4);
    Tensor out = backend.tensor(arena, 2, 2);
    Add add = new Add(new Tensor(buffer, 4), target);
    Dense dense = new Dense(square, square, bias, null, out, Activation.IDENTITY);
    Program one = arena.own(backend.compile(List.of(add)));
    Program graph = arena.own(backend.compile(List.of(add, dense)));
    Control control = new Control(numbers);
    Inlet inlet = arena.own(backend.inlet(DType.UINT8, 16));
    Outlet outlet = arena.own(backend.outlet(numbers));
    double[] taken = new double[8 * Control.LENGTH];
    ByteBuffer direct = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
    uses.put("Backend.allocate", () -> backend.allocate(DType.UINT8, 1).close());
    uses.put("Backend.tensor", () -> newTensor(backend));
    uses.put("Backend.outlet", () -> backend.outlet(numbers).close());
    uses.put("Backend.inlet", () -> backend.inlet(DType.UINT8, 1).close());
    uses.put("Backend.compile", () -> backend.compile(List.of(add)).close());
    uses.put("Backend.synchronize", backend::synchronize);
    uses.put("Program.run of one op", one::run);
    uses.put("Program.run of two ops", graph::run);
    uses.put("Program.run of several runs", () -> graph.run(control, 8));
    uses.put("Buffer.write", () -> buffer.write(new float[4]));
    uses.put("Buffer.write of doubles", () -> numbers.write(new double[8 * Control.LENGTH]));
    uses.put("Buffer.read", () -> buffer.read(new float[4]));
    uses.put("Buffer.toFloats", buffer::toFloats);
    uses.put("Buffer.toDoubles", numbers::toDoubles);
    uses.put("Tensor.write", () -> square.write(new float[4]));
    uses.put("Tensor.toFloats", square::toFloats);
    uses.put("Tensor.toDoubles", new Tensor(numbers, 8 * Control.LENGTH)::toDoubles);
    uses.put("Memory.write", () -> buffer.memory().write(0, direct.clear()));
    uses.put("Memory.read", () -> buffer.memory().read(0, direct.clear()));
    uses.put("Control.upload", control::upload);
    uses.put("Control.uploadAll", () -> control.uploadAll(2));
    uses.put("Inlet.write", () -> inlet.write(direct.clear()));
    uses.put("Outlet.request", outlet::request);
    uses.put("Outlet.arrived", outlet::arrived);
    uses.put("Outlet.take", () -> outlet.take(taken));
    ends.put("Program.close", one::close);
    ends.put("Program.close of a graph", graph::close);
    ends.put("Inlet.close", inlet::close);
    ends.put("Outlet.close", outlet::close);
    ends.put("Memory.close", buffer.memory()::close);
    ends.put("Buffer.close", numbers::close);
  }

  private static void newTensor(Backend backend) {
    try (Arena own = new Arena()) {
      backend.tensor(own, 2);
    }
  }

  private static Factors factors() {
    Matrix levels = Matrix.zeros(SmallModel.ROWS, 1);
    for (int row = 0; row < SmallModel.ROWS; row++) {
      levels.values()[row] = row % 3;
    }
    return Factors.of(levels);
  }

  @Override
  public void close() {
    try (vae) {
      arena.close();
    }
  }
}
