package io.github.vae4j.backend;

import static io.github.vae4j.tensor.DType.FLOAT32;
import static io.github.vae4j.tensor.DType.FLOAT64;
import static io.github.vae4j.tensor.DType.INT32;
import static io.github.vae4j.tensor.DType.UINT8;

import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.CopyColumns;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.backend.op.Estimator;
import io.github.vae4j.backend.op.Fill;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.backend.op.GaussianPrior;
import io.github.vae4j.backend.op.GaussianPriorBackward;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.ImportanceWeights;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.backend.op.MixturePrior;
import io.github.vae4j.backend.op.MixturePriorBackward;
import io.github.vae4j.backend.op.MmdPenalty;
import io.github.vae4j.backend.op.PlanarFlow;
import io.github.vae4j.backend.op.PlanarFlowBackward;
import io.github.vae4j.backend.op.RecordMetrics;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.ReparameterizeBackward;
import io.github.vae4j.backend.op.SampleWeights;
import io.github.vae4j.backend.op.SampledKl;
import io.github.vae4j.backend.op.TotalCorrelation;
import io.github.vae4j.backend.op.TotalCorrelationBackward;
import io.github.vae4j.backend.op.TriangularMap;
import io.github.vae4j.backend.op.TriangularMapBackward;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The checked door to a backend: what stands above the waist calls only this. Each method checks
 * its op's arguments once, when the op is planned, then delegates; running costs nothing more. A
 * wrong argument is an {@link IllegalArgumentException} that names the op, the argument, what was
 * expected and what was given. A buffer's length must be exactly what the op's sizes say: pass a
 * slice of a longer one.
 */
public final class Ops {
  private final Backend backend;

  /**
   * Checks in front of a backend.
   *
   * @param backend what computes; stays the caller's
   */
  public Ops(Backend backend) {
    this.backend = backend;
  }

  /**
   * What computes.
   *
   * @return the backend
   */
  public Backend backend() {
    return backend;
  }

  /**
   * Allocates zeroed memory.
   *
   * @param type the element type
   * @param length the number of elements
   * @return a buffer the caller owns
   */
  public Buffer allocate(DType type, long length) {
    if (length < 1) {
      throw new OpCheck("allocate").wrong("length", "1 or more", length);
    }
    return backend.allocate(type, length);
  }

  /**
   * Allocates a buffer that the host fills while ops run.
   *
   * @param type the element type
   * @param length the number of elements of each half, at least 1
   * @return an inlet the caller owns
   */
  public Inlet inlet(DType type, long length) {
    if (length < 1) {
      throw new OpCheck("inlet").wrong("length", "1 or more", length);
    }
    return backend.inlet(type, length);
  }

  /**
   * Allocates a zeroed FLOAT32 matrix.
   *
   * @param owner closes it
   * @param rows the number of rows
   * @param columns the number of columns
   * @return the (rows, columns) matrix
   */
  public Buffer floats(Arena owner, int rows, int columns) {
    return owner.own(allocate(FLOAT32, Math.multiplyExact((long) rows, columns)));
  }

  /**
   * Plans a {@link Gather}. An index must hold its rows already: they are checked here.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp gather(Gather op) {
    OpCheck check = new OpCheck("gather");
    check.atLeast("rows", op.rows(), 1);
    check.atLeast("features", op.features(), 1);
    check.atLeast("batch", op.batch(), 1);
    if (op.batch() > op.rows()) {
      throw check.wrong("batch", "at most rows, " + op.rows(), op.batch());
    }
    check.finite("scale", op.scale());
    Buffer source = check.any("source", op.source(), false);
    if (source.type() != UINT8 && source.type() != FLOAT32) {
      throw check.wrong("source", "UINT8 or FLOAT32", source);
    }
    long sourceRows = source.length() / op.features();
    if (source.length() != sourceRows * op.features()) {
      throw check.wrong("source", "a multiple of features, " + op.features(), source);
    }
    if (op.index() != null) {
      Buffer index = check.reads("index", op.index(), INT32, op.rows());
      checkIndex(check, index, sourceRows);
    } else if (sourceRows != op.rows()) {
      throw check.wrong("source", op.rows() + " rows of " + op.features(), source);
    }
    check.writes("out", op.out(), FLOAT32, op.batch(), op.features());
    check.mayWrite("mask", op.mask(), FLOAT32, op.batch(), op.features());
    check.control(op.control());
    check.noOverlap();
    return backend.gather(op);
  }

  /**
   * Plans a {@link Dense} layer.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp dense(Dense op) {
    OpCheck check = new OpCheck("dense");
    checkSizes(check, op.batch(), op.inputs(), op.outputs(), op.activation());
    check.reads("x", op.x(), FLOAT32, op.batch(), op.inputs());
    check.reads("weight", op.weight(), FLOAT32, op.inputs(), op.outputs());
    check.reads("bias", op.bias(), FLOAT32, op.outputs());
    Buffer preactivation = op.preactivation();
    boolean needed = op.activation().needsPreactivation();
    if (needed != (preactivation != null)) {
      String expected = needed ? "a buffer, which " : "null, as no preactivation ";
      throw check.wrong(
          "preactivation",
          expected + op.activation().id() + " needs",
          preactivation == null ? "null" : preactivation);
    }
    check.mayWrite("preactivation", preactivation, FLOAT32, op.batch(), op.outputs());
    check.writes("y", op.y(), FLOAT32, op.batch(), op.outputs());
    check.noOverlap();
    return backend.dense(op);
  }

  /**
   * Plans a {@link DenseBackward}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp denseBackward(DenseBackward op) {
    OpCheck check = new OpCheck("denseBackward");
    checkSizes(check, op.batch(), op.inputs(), op.outputs(), op.activation());
    check.reads("x", op.x(), FLOAT32, op.batch(), op.inputs());
    check.reads("weight", op.weight(), FLOAT32, op.inputs(), op.outputs());
    check.reads("y", op.y(), FLOAT32, op.batch(), op.outputs());
    check.writes("dy", op.dy(), FLOAT32, op.batch(), op.outputs());
    check.mayWrite("dx", op.dx(), FLOAT32, op.batch(), op.inputs());
    check.writes("dWeight", op.dWeight(), FLOAT32, op.inputs(), op.outputs());
    check.writes("dBias", op.dBias(), FLOAT32, op.outputs());
    check.noOverlap();
    return backend.denseBackward(op);
  }

  /**
   * Plans a {@link Reparameterize}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp reparameterize(Reparameterize op) {
    OpCheck check = new OpCheck("reparameterize");
    checkLatent(check, op.batch(), op.samples(), op.latent(), op.rowOffset());
    check.reads("stats", op.stats(), FLOAT32, op.batch(), 2L * op.latent());
    check.writes("z", op.z(), FLOAT32, op.batch(), op.samples(), op.latent());
    check.writes("kl", op.kl(), FLOAT32, op.batch());
    check.mayWrite("klPerDimension", op.klPerDimension(), FLOAT32, op.latent());
    check.mayWrite("logRatio", op.logRatio(), FLOAT32, op.batch(), op.samples());
    check.control(op.control());
    check.noOverlap();
    return backend.reparameterize(op);
  }

  /**
   * Plans a {@link ReparameterizeBackward}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp reparameterizeBackward(ReparameterizeBackward op) {
    OpCheck check = new OpCheck("reparameterizeBackward");
    checkLatent(check, op.batch(), op.samples(), op.latent(), op.rowOffset());
    checkGroups(check, op.samples(), op.groups());
    check.finite("klScale", op.klScale());
    check.finiteNotNegative("freeBits", op.freeBits());
    check.reads("stats", op.stats(), FLOAT32, op.batch(), 2L * op.latent());
    check.reads("dz", op.dz(), FLOAT32, op.batch(), op.samples(), op.latent());
    check.mayRead("klPerDimension", op.klPerDimension(), FLOAT32, op.latent());
    check.mayRead("weight", op.weight(), FLOAT32, op.batch(), op.samples());
    if (op.klPerDimension() == null && (op.freeBits() > 0 || op.capacity())) {
      String what = op.capacity() ? "a capacity needs" : "freeBits above 0 need";
      throw check.wrong("klPerDimension", "a buffer, which " + what, "null");
    }
    if (op.estimator() != Estimator.ANALYTIC && (op.freeBits() > 0 || op.capacity())) {
      throw check.wrong(
          "estimator", "ANALYTIC, which freeBits and a capacity need", op.estimator());
    }
    if (op.freeBits() > 0 && op.capacity()) {
      throw check.wrong("freeBits", "0 with a capacity", op.freeBits());
    }
    check.writes("dStats", op.dStats(), FLOAT32, op.batch(), 2L * op.latent());
    check.control(op.control());
    check.noOverlap();
    return backend.reparameterizeBackward(op);
  }

  /**
   * Plans an {@link Add}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp add(Add op) {
    LatentChecks.check(op);
    return backend.add(op);
  }

  /**
   * Plans a {@link SampledKl}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp sampledKl(SampledKl op) {
    LatentChecks.check(op);
    return backend.sampledKl(op);
  }

  /**
   * Plans a {@link MixturePrior}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp mixturePrior(MixturePrior op) {
    LatentChecks.check(op);
    return backend.mixturePrior(op);
  }

  /**
   * Plans a {@link MixturePriorBackward}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp mixturePriorBackward(MixturePriorBackward op) {
    LatentChecks.check(op);
    return backend.mixturePriorBackward(op);
  }

  /**
   * Plans a {@link PlanarFlow}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp planarFlow(PlanarFlow op) {
    LatentChecks.check(op);
    return backend.planarFlow(op);
  }

  /**
   * Plans a {@link PlanarFlowBackward}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp planarFlowBackward(PlanarFlowBackward op) {
    LatentChecks.check(op);
    return backend.planarFlowBackward(op);
  }

  /**
   * Plans a {@link TriangularMap}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp triangularMap(TriangularMap op) {
    LatentChecks.check(op);
    return backend.triangularMap(op);
  }

  /**
   * Plans a {@link TriangularMapBackward}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp triangularMapBackward(TriangularMapBackward op) {
    LatentChecks.check(op);
    return backend.triangularMapBackward(op);
  }

  /**
   * Plans a {@link GaussianPrior}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp gaussianPrior(GaussianPrior op) {
    LatentChecks.check(op);
    return backend.gaussianPrior(op);
  }

  /**
   * Plans a {@link GaussianPriorBackward}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp gaussianPriorBackward(GaussianPriorBackward op) {
    LatentChecks.check(op);
    return backend.gaussianPriorBackward(op);
  }

  /**
   * Plans a {@link LikelihoodLoss}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp likelihood(LikelihoodLoss op) {
    OpCheck check = new OpCheck("likelihood");
    check.atLeast("batch", op.batch(), 1);
    check.atLeast("samples", op.samples(), 1);
    check.atLeast("features", op.features(), 1);
    check.finite("scale", op.scale());
    int width = op.likelihood().parameters(op.features());
    checkShared(check, op);
    check.reads("x", op.x(), FLOAT32, op.batch(), op.features());
    check.mayRead("mask", op.mask(), FLOAT32, op.batch(), op.features());
    if (op.rowWeight() != null && op.rowWeight().length() == op.batch()) {
      check.reads("rowWeight", op.rowWeight(), FLOAT32, op.batch());
    } else {
      check.mayRead("rowWeight", op.rowWeight(), FLOAT32, op.batch(), op.samples());
    }
    check.writes("nll", op.nll(), FLOAT32, op.batch(), op.samples());
    Buffer parameters = check.open("parameters", op.parameters());
    if (op.dParameters() != null && OpCheck.same(parameters, op.dParameters())) {
      check.writes("parameters", parameters, FLOAT32, op.batch(), op.samples(), width);
    } else {
      check.reads("parameters", parameters, FLOAT32, op.batch(), op.samples(), width);
      check.mayWrite("dParameters", op.dParameters(), FLOAT32, op.batch(), op.samples(), width);
    }
    check.noOverlap();
    return backend.likelihood(op);
  }

  /**
   * Plans {@link SampleWeights}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp sampleWeights(SampleWeights op) {
    OpCheck check = new OpCheck("sampleWeights");
    check.atLeast("batch", op.batch(), 1);
    check.atLeast("samples", op.samples(), 1);
    checkGroups(check, op.samples(), op.groups());
    if (!Double.isFinite(op.alpha())) {
      throw check.wrong("alpha", "a finite number", op.alpha());
    }
    check.reads("nll", op.nll(), FLOAT32, op.batch(), op.samples());
    check.reads("logRatio", op.logRatio(), FLOAT32, op.batch(), op.samples());
    check.mayRead("rowWeight", op.rowWeight(), FLOAT32, op.batch());
    check.writes("weight", op.weight(), FLOAT32, op.batch(), op.samples());
    check.writes("bound", op.bound(), FLOAT32, op.batch());
    check.control(op.control());
    check.noOverlap();
    return backend.sampleWeights(op);
  }

  /**
   * Plans an {@link ImportanceWeights} update.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp importanceWeights(ImportanceWeights op) {
    OpCheck check = new OpCheck("importanceWeights");
    check.atLeast("batch", op.batch(), 1);
    check.atLeast("samples", op.samples(), 1);
    check.reads("nll", op.nll(), FLOAT32, op.batch(), op.samples());
    check.reads("logRatio", op.logRatio(), FLOAT32, op.batch(), op.samples());
    check.writes("state", op.state(), FLOAT64, op.batch(), 3);
    check.noOverlap();
    return backend.importanceWeights(op);
  }

  /**
   * Plans an {@link MmdPenalty}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp mmdPenalty(MmdPenalty op) {
    PenaltyChecks.check(op);
    return backend.mmdPenalty(op);
  }

  /**
   * Plans a {@link TotalCorrelation}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp totalCorrelation(TotalCorrelation op) {
    PenaltyChecks.check(op);
    return backend.totalCorrelation(op);
  }

  /**
   * Plans a {@link TotalCorrelationBackward}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp totalCorrelationBackward(TotalCorrelationBackward op) {
    PenaltyChecks.check(op);
    return backend.totalCorrelationBackward(op);
  }

  /**
   * Plans a {@link GlobalNorm}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp globalNorm(GlobalNorm op) {
    OpCheck check = new OpCheck("globalNorm");
    Buffer gradients = check.open("gradients", op.gradients());
    check.reads("gradients", gradients, FLOAT32, gradients.length());
    check.writes("norm", op.norm(), FLOAT64, 1);
    check.noOverlap();
    return backend.globalNorm(op);
  }

  /**
   * Plans a {@link RecordMetrics}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp recordMetrics(RecordMetrics op) {
    OpCheck check = new OpCheck("recordMetrics");
    check.atLeast("slots", op.slots(), 1);
    Buffer kl = check.open("kl", op.kl());
    check.reads("kl", kl, FLOAT32, kl.length());
    Buffer nll = check.open("nll", op.nll());
    if (nll.length() % kl.length() != 0) {
      throw check.wrong("nll", "a multiple of the " + kl.length() + " rows of kl", nll);
    }
    check.reads("nll", nll, FLOAT32, nll.length());
    check.mayRead("bound", op.bound(), FLOAT32, kl.length());
    if (op.penalty() != null) {
      Buffer penalty = check.open("penalty", op.penalty());
      check.reads("penalty", penalty, FLOAT32, penalty.length());
    }
    check.reads("norm", op.norm(), FLOAT64, 1);
    check.writes("ring", op.ring(), FLOAT64, op.slots(), RecordMetrics.WIDTH);
    check.writes("status", op.status(), FLOAT64, 1);
    check.control(op.control());
    check.noOverlap();
    return backend.recordMetrics(op);
  }

  /**
   * Plans an {@link AdamUpdate}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp adam(AdamUpdate op) {
    OpCheck check = new OpCheck("adam");
    checkDecay(check, "beta1", op.beta1(), false);
    checkDecay(check, "beta2", op.beta2(), false);
    checkDecay(check, "emaDecay", op.emaDecay(), true);
    check.finiteNotNegative("epsilon", op.epsilon());
    check.finiteNotNegative("weightDecay", op.weightDecay());
    check.finiteNotNegative("clipNorm", op.clipNorm());
    long n = check.open("parameters", op.parameters()).length();
    check.writes("parameters", op.parameters(), FLOAT32, n);
    check.reads("gradients", op.gradients(), FLOAT32, n);
    check.writes("m", op.m(), FLOAT32, n);
    check.writes("v", op.v(), FLOAT32, n);
    check.mayWrite("average", op.average(), FLOAT32, n);
    check.reads("norm", op.norm(), FLOAT64, 1);
    check.reads("status", op.status(), FLOAT64, 1);
    check.writes("state", op.state(), FLOAT64, 3);
    check.control(op.control());
    check.noOverlap();
    return backend.adam(op);
  }

  /**
   * Plans a {@link Fill}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp fill(Fill op) {
    OpCheck check = new OpCheck("fill");
    Buffer target = check.open("target", op.target());
    if (target.type() != FLOAT32 && target.type() != FLOAT64) {
      throw check.wrong("target", "FLOAT32 or FLOAT64", target);
    }
    return backend.fill(op);
  }

  /**
   * Plans a {@link Copy}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp copy(Copy op) {
    OpCheck check = new OpCheck("copy");
    Buffer source = check.any("source", op.source(), false);
    check.writes("target", op.target(), source.type(), source.length());
    check.noOverlap();
    return backend.copy(op);
  }

  /**
   * Plans a {@link CopyColumns}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  public PreparedOp copyColumns(CopyColumns op) {
    OpCheck check = new OpCheck("copyColumns");
    check.atLeast("rows", op.rows(), 1);
    check.atLeast("repeat", op.repeat(), 1);
    check.atLeast("columns", op.columns(), 1);
    if (op.rows() % op.repeat() != 0) {
      throw check.wrong("rows", "a multiple of repeat, " + op.repeat(), op.rows());
    }
    checkColumns(check, "source", op.sourceColumns(), op.sourceFirst(), op.columns());
    checkColumns(check, "target", op.targetColumns(), op.targetFirst(), op.columns());
    check.reads("source", op.source(), FLOAT32, op.rows() / op.repeat(), op.sourceColumns());
    check.writes("target", op.target(), FLOAT32, op.rows(), op.targetColumns());
    check.noOverlap();
    return backend.copyColumns(op);
  }

  /**
   * Records ops to be run as one.
   *
   * @param ops of this backend, in order, at least one
   * @return the recorded step, owned by the caller; close it before the ops
   */
  public Replay record(List<PreparedOp> ops) {
    if (ops.isEmpty()) {
      throw new OpCheck("record").wrong("ops", "1 op or more", "none");
    }
    return backend.record(List.copyOf(ops));
  }

  /** Waits until all that was submitted is done. */
  public void synchronize() {
    backend.synchronize();
  }

  /** Shared parameters are there where the likelihood has some, their gradient with the other. */
  private static void checkShared(OpCheck check, LikelihoodLoss op) {
    int count = op.likelihood().shared(op.features());
    boolean gradient = op.dParameters() != null;
    if (count > 0 && op.shared() == null) {
      throw check.wrong("shared", count + " parameters of " + op.likelihood(), "null");
    } else if (count == 0 && op.shared() != null) {
      throw check.wrong("shared", "null, as " + op.likelihood() + " has none", op.shared());
    }
    if (op.dShared() == null && count > 0 && gradient) {
      throw check.wrong("dShared", "a buffer, as dParameters is one", "null");
    } else if (op.dShared() != null && !(count > 0 && gradient)) {
      throw check.wrong("dShared", "null, as there is no such gradient", op.dShared());
    }
    if (gradient) {
      check.mayWrite("shared", op.shared(), FLOAT32, count);
    } else {
      check.mayRead("shared", op.shared(), FLOAT32, count);
    }
    check.mayWrite("dShared", op.dShared(), FLOAT32, count);
  }

  private static void checkColumns(OpCheck check, String side, int width, int first, int count) {
    check.atLeast(side + "Columns", width, 1);
    check.atLeast(side + "First", first, 0);
    if (count > width) {
      throw check.wrong(side + "Columns", "the " + count + " columns copied or more", width);
    } else if (first > width - count) {
      throw check.wrong(
          side + "First", "at most " + (width - count) + ", for " + count + " of " + width, first);
    }
  }

  private static void checkSizes(
      OpCheck check, int batch, int inputs, int outputs, @Nullable Activation activation) {
    check.atLeast("batch", batch, 1);
    check.atLeast("inputs", inputs, 1);
    check.atLeast("outputs", outputs, 1);
    if (activation == null) {
      throw check.wrong("activation", "an activation", "null");
    }
  }

  private static void checkLatent(
      OpCheck check, int batch, int samples, int latent, int rowOffset) {
    check.atLeast("batch", batch, 1);
    check.atLeast("samples", samples, 1);
    check.atLeast("latent", latent, 1);
    check.atLeast("rowOffset", rowOffset, 0);
    check.size("(rowOffset + batch) * samples", (long) rowOffset + batch, samples);
  }

  private static void checkGroups(OpCheck check, int samples, int groups) {
    check.atLeast("groups", groups, 1);
    if (samples % groups != 0) {
      throw check.wrong("samples", "a multiple of the " + groups + " groups", samples);
    }
  }

  private static void checkDecay(OpCheck check, String name, double value, boolean oneAllowed) {
    if (!(value >= 0) || value > 1 || (value == 1 && !oneAllowed)) {
      throw check.wrong(name, oneAllowed ? "0 to 1" : "0 or more and below 1", value);
    }
  }

  private static void checkIndex(OpCheck check, Buffer index, long sourceRows) {
    int[] rows = new int[Math.toIntExact(index.length())];
    index.read(rows);
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] < 0 || rows[i] >= sourceRows) {
        throw check.wrong(
            "index[" + i + "]", "a row of the source, 0 to " + (sourceRows - 1), rows[i]);
      }
    }
  }
}
