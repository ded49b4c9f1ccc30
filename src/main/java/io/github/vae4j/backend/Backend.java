package io.github.vae4j.backend;

import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.CopyColumns;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
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
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import java.util.List;
import java.util.Map;

/**
 * The waist: everything a model does goes through these ops. Each method plans one op for the
 * buffers in its record, whose Javadoc states the mathematics, and computes nothing yet. Arguments
 * were checked by {@link Ops}; a backend only computes. Same inputs, same backend: same bits. Not
 * thread-safe: one thread at a time uses a backend and all that belongs to it.
 */
public interface Backend extends AutoCloseable {
  /**
   * The name on the command line.
   *
   * @return reference, cpu or cuda
   */
  String name();

  /**
   * What it runs on, for logs: device or instruction set, threads, precision.
   *
   * @return one line
   */
  String description();

  /**
   * What was decided by measuring so far, and decides last bits: a run keeps it, so that it has the
   * same bits when it is resumed.
   *
   * @return choices, by what they are of; empty where nothing is measured
   */
  default Map<String, String> choices() {
    return Map.of();
  }

  /**
   * Takes the choices of another backend, which come before its own; what is planned from here on
   * follows them. Choices of another device or library version are kept and change nothing.
   *
   * @param choices as {@link #choices} gave them
   * @return whether plans made before may follow others: they have to be made again
   */
  default boolean adopt(Map<String, String> choices) {
    return false;
  }

  /**
   * Allocates zeroed memory, aligned to 64 bytes or more.
   *
   * @param type the element type
   * @param length the number of elements, at least 1
   * @return a buffer the caller owns
   */
  Buffer allocate(DType type, long length);

  /**
   * Allocates a buffer that the host fills while ops run.
   *
   * @param type the element type
   * @param length the number of elements of each half, at least 1
   * @return an inlet the caller owns
   */
  default Inlet inlet(DType type, long length) {
    return new OrderedInlet(allocate(type, Math.multiplyExact(2, length)));
  }

  /**
   * A way for numbers to the host that ops need not be waited for.
   *
   * @param source FLOAT64; stays the caller's and must outlive the outlet
   * @return an outlet the caller owns
   */
  default Outlet outlet(Buffer source) {
    return new OrderedOutlet(source);
  }

  /**
   * Plans a {@link Gather}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp gather(Gather op);

  /**
   * Plans a {@link Dense} layer.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp dense(Dense op);

  /**
   * Plans a {@link DenseBackward}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp denseBackward(DenseBackward op);

  /**
   * Plans a {@link Reparameterize}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp reparameterize(Reparameterize op);

  /**
   * Plans a {@link ReparameterizeBackward}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp reparameterizeBackward(ReparameterizeBackward op);

  /**
   * Plans an {@link Add}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp add(Add op);

  /**
   * Plans a {@link SampledKl}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp sampledKl(SampledKl op);

  /**
   * Plans a {@link MixturePrior}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp mixturePrior(MixturePrior op);

  /**
   * Plans a {@link MixturePriorBackward}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp mixturePriorBackward(MixturePriorBackward op);

  /**
   * Plans a {@link PlanarFlow}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp planarFlow(PlanarFlow op);

  /**
   * Plans a {@link PlanarFlowBackward}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp planarFlowBackward(PlanarFlowBackward op);

  /**
   * Plans a {@link TriangularMap}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp triangularMap(TriangularMap op);

  /**
   * Plans a {@link TriangularMapBackward}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp triangularMapBackward(TriangularMapBackward op);

  /**
   * Plans a {@link GaussianPrior}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp gaussianPrior(GaussianPrior op);

  /**
   * Plans a {@link GaussianPriorBackward}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp gaussianPriorBackward(GaussianPriorBackward op);

  /**
   * Plans a {@link LikelihoodLoss}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp likelihood(LikelihoodLoss op);

  /**
   * Plans {@link SampleWeights}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp sampleWeights(SampleWeights op);

  /**
   * Plans an {@link ImportanceWeights} update.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp importanceWeights(ImportanceWeights op);

  /**
   * Plans an {@link MmdPenalty}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp mmdPenalty(MmdPenalty op);

  /**
   * Plans a {@link TotalCorrelation}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp totalCorrelation(TotalCorrelation op);

  /**
   * Plans a {@link TotalCorrelationBackward}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp totalCorrelationBackward(TotalCorrelationBackward op);

  /**
   * Plans a {@link GlobalNorm}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp globalNorm(GlobalNorm op);

  /**
   * Plans a {@link RecordMetrics}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp recordMetrics(RecordMetrics op);

  /**
   * Plans an {@link AdamUpdate}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp adam(AdamUpdate op);

  /**
   * Plans a {@link Fill}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp fill(Fill op);

  /**
   * Plans a {@link Copy}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp copy(Copy op);

  /**
   * Plans a {@link CopyColumns}.
   *
   * @param op the operands
   * @return the op, owned by the caller
   */
  PreparedOp copyColumns(CopyColumns op);

  /**
   * Records ops to be run as one.
   *
   * @param ops of this backend, in order
   * @return the recorded step, owned by the caller; close it before the ops
   */
  Replay record(List<PreparedOp> ops);

  /** Waits until all that was submitted is done. */
  void synchronize();

  /**
   * The number of native objects that are open.
   *
   * @return buffers, ops and replays
   */
  int open();

  /** Frees the backend; reports what was left open. */
  @Override
  void close();
}
