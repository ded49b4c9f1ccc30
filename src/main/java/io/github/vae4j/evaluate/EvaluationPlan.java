package io.github.vae4j.evaluate;

import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.Replay;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.ImportanceWeights;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.model.DenseStack;
import io.github.vae4j.model.EncoderStage;
import io.github.vae4j.model.Joined;
import io.github.vae4j.model.LatentStage;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * The passes of an evaluation, planned for one batch size, number of samples and type of data:
 * encode a batch once, then sample and score it as often as wanted. A smaller batch is padded with
 * zeros, whose results are ignored.
 */
final class EvaluationPlan implements AutoCloseable {
  private final Arena arena = new Arena();
  private final int batch;
  private final StagedRows rows;
  private final Control control;
  private final Replay encode;
  private final Replay sample;

  final Buffer head;
  final Buffer kl;
  final Buffer nll;
  final List<LatentStage.Level> levels;
  final Buffer logRatio;
  private final Buffer weights;

  EvaluationPlan(
      Ops ops,
      VaeSpec spec,
      ParameterLayout layout,
      Buffer parameters,
      DataSet data,
      int batch,
      int samples,
      long seed) {
    this.batch = batch;
    try {
      int features = spec.features();
      int codes = Math.multiplyExact(batch, samples);
      control = new Control(arena.own(ops.allocate(DType.FLOAT64, Control.LENGTH)));
      rows = new StagedRows(ops, arena, spec, data, batch, control);
      Buffer condition = rows.condition();
      int width = spec.conditions();
      Buffer x = rows.values();
      Joined input = new Joined(ops, arena, x, features, condition, width, batch, 1);
      List<PreparedOp> first = rows.gathers();
      first.addAll(input.forward());
      EncoderStage encoder =
          new EncoderStage(ops, arena, spec, layout, parameters, input.input(), batch);
      first.addAll(encoder.forward());
      head = encoder.head();

      LatentStage middle =
          new LatentStage(
              ops,
              arena,
              spec,
              layout,
              parameters,
              encoder,
              new LatentStage.Noise(control, seed, Stream.EVALUATE),
              new LatentStage.Outputs(true, false, true),
              batch,
              samples);
      kl = middle.kl();
      levels = middle.levels();
      logRatio = middle.logRatio();
      nll = ops.floats(arena, codes, 1);
      weights = arena.own(ops.allocate(DType.FLOAT64, 3L * batch));
      int latent = spec.latent();
      Joined code = new Joined(ops, arena, middle.z(), latent, condition, width, codes, samples);
      DenseStack decoder =
          new DenseStack(
              ops, arena, layout.decoder(), spec.decoder(), parameters, code.input(), codes);
      List<PreparedOp> second = new ArrayList<>(middle.forward());
      second.addAll(code.forward());
      second.addAll(decoder.forward());
      second.add(
          arena.own(
              ops.likelihood(
                  new LikelihoodLoss(
                      spec.likelihood(),
                      decoder.output(),
                      layout.shared(parameters),
                      x,
                      rows.mask(),
                      null,
                      nll,
                      null,
                      null,
                      batch,
                      samples,
                      features,
                      1f))));
      second.add(
          arena.own(
              ops.importanceWeights(
                  new ImportanceWeights(nll, logRatio, weights, batch, samples))));
      encode = arena.own(ops.record(first));
      sample = arena.own(ops.record(second));
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /** Reads rows and encodes them: fills the head. */
  void encode(int first, int count) {
    rows.read(first, count);
    encode.run();
  }

  /**
   * Samples the encoded rows: fills kl, nll, levels and logRatio, and adds to the importance
   * weights. No two batches may share a step, or they would share noise.
   */
  void sample(long step) {
    control.set(Control.STEP, (double) step).upload();
    sample.run();
  }

  /** Encodes rows, samples them again and again, and returns the state of their weights. */
  double[] weigh(int first, int count, long step, int times) {
    double[] state = new double[3 * batch];
    for (int row = 0; row < batch; row++) {
      state[3 * row] = Double.NEGATIVE_INFINITY;
    }
    weights.write(state);
    encode(first, count);
    for (int i = 0; i < times; i++) {
      sample(step + i);
    }
    weights.read(state);
    return state;
  }

  @Override
  public void close() {
    arena.close();
  }
}
