// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.latent.LatentStage;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.net.Pass;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * The passes of an evaluation, planned for one batch size, number of samples and type of data:
 * encode a batch once, then sample and score it any number of times. A smaller batch is padded with
 * zeros, whose results are ignored.
 */
final class EvaluationPlan implements AutoCloseable {
  private final Arena arena = new Arena();
  private final int batch;
  private final StagedRows rows;
  private final Control control;
  private final Program encode;
  private final Program sample;

  /** The tensors that the passes fill. */
  final EvaluationOps results;

  /**
   * Plans passes.
   *
   * @param form of the sources
   * @param equalNoise whether each row of a batch has the noise of the first one
   */
  EvaluationPlan(
      Backend backend,
      VaeSpec spec,
      Parameters parameters,
      StagedRows.Form form,
      int batch,
      int samples,
      long seed,
      boolean equalNoise) {
    this.batch = batch;
    try {
      control = new Control(arena.own(backend.allocate(DType.FLOAT64, Control.LENGTH)));
      rows = new StagedRows(backend, arena, form, batch, control);
      results =
          new EvaluationOps(
              new Pass(backend, arena, parameters, null),
              spec,
              rows.rows(),
              new LatentStage.Noise(control, seed, Stream.EVALUATE, equalNoise),
              samples);
      List<Op> first = rows.gathers();
      first.addAll(results.encode());
      encode = arena.own(backend.compile(first));
      List<Op> second = new ArrayList<>(results.sample());
      second.addAll(results.score());
      sample = arena.own(backend.compile(second));
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /** The rows of a batch. */
  int batch() {
    return batch;
  }

  /** An array for the rows of a tensor with so many columns. */
  float[] floats(int columns) {
    return new float[batch * columns];
  }

  /** Reads rows and encodes them: computes the head. */
  void encode(StagedRows.Source source, int first, int count) {
    rows.read(source, first, count);
    encode.run();
  }

  /**
   * Samples the encoded rows: computes kl, nll, levels and logRatio, and adds to the importance
   * weights. Each batch needs a step of its own, because the noise is a function of the step.
   */
  void sample(long step) {
    control.set(Control.STEP, (double) step).upload();
    sample.run();
  }

  /** Encodes rows, samples them several times, and returns the state of their weights. */
  double[] weigh(StagedRows.Source source, int first, int count, long step, int times) {
    double[] state = new double[3 * batch];
    for (int row = 0; row < batch; row++) {
      state[3 * row] = Double.NEGATIVE_INFINITY;
    }
    results.weights().buffer().write(state);
    encode(source, first, count);
    for (int i = 0; i < times; i++) {
      sample(step + i);
    }
    results.weights().buffer().read(state);
    return state;
  }

  @Override
  public void close() {
    arena.close();
  }
}
