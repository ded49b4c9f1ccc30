package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.Replay;
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
import io.github.vae4j.tensor.LeakTracker;
import java.util.List;

/**
 * The oracle that other backends are compared with: plain loops, sums in double in the order of the
 * formula, no tricks, always there. It says what is right; it is slow, and its draws make small
 * objects.
 */
public final class ReferenceBackend implements Backend {
  private static final int ALIGNMENT = 64;

  private final LeakTracker tracker = new LeakTracker();
  private long nextAddress = ALIGNMENT;
  private boolean closed;

  /** A backend with nothing allocated. */
  public ReferenceBackend() {}

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String description() {
    return "plain Java, 1 thread, sums in float64";
  }

  @Override
  public Buffer allocate(DType type, long length) {
    requireOpen();
    if (length > Integer.MAX_VALUE / type.bytes()) {
      throw new IllegalArgumentException(
          "reference backend: a buffer holds less than 2 GiB, given " + length + " " + type);
    }
    int bytes = (int) length * type.bytes();
    long address = nextAddress;
    nextAddress += (bytes + (long) ALIGNMENT) / ALIGNMENT * ALIGNMENT;
    return Buffer.owning(new HostMemory(bytes, address, tracker), type, length);
  }

  @Override
  public PreparedOp gather(Gather op) {
    return plan("gather", GatherLoops.of(op));
  }

  @Override
  public PreparedOp dense(Dense op) {
    return plan("dense", DenseLoops.forward(op));
  }

  @Override
  public PreparedOp denseBackward(DenseBackward op) {
    return plan("denseBackward", DenseLoops.backward(op));
  }

  @Override
  public PreparedOp reparameterize(Reparameterize op) {
    return plan("reparameterize", ReparameterizeLoops.forward(op));
  }

  @Override
  public PreparedOp reparameterizeBackward(ReparameterizeBackward op) {
    return plan("reparameterizeBackward", ReparameterizeLoops.backward(op));
  }

  @Override
  public PreparedOp add(Add op) {
    return plan("add", MemoryLoops.add(op));
  }

  @Override
  public PreparedOp sampledKl(SampledKl op) {
    return plan("sampledKl", PriorLoops.sampledKl(op));
  }

  @Override
  public PreparedOp mixturePrior(MixturePrior op) {
    return plan("mixturePrior", MixtureLoops.forward(op));
  }

  @Override
  public PreparedOp mixturePriorBackward(MixturePriorBackward op) {
    return plan("mixturePriorBackward", MixtureLoops.backward(op));
  }

  @Override
  public PreparedOp planarFlow(PlanarFlow op) {
    return plan("planarFlow", PlanarLoops.forward(op));
  }

  @Override
  public PreparedOp planarFlowBackward(PlanarFlowBackward op) {
    return plan("planarFlowBackward", PlanarLoops.backward(op));
  }

  @Override
  public PreparedOp triangularMap(TriangularMap op) {
    return plan("triangularMap", TriangularLoops.forward(op));
  }

  @Override
  public PreparedOp triangularMapBackward(TriangularMapBackward op) {
    return plan("triangularMapBackward", TriangularLoops.backward(op));
  }

  @Override
  public PreparedOp gaussianPrior(GaussianPrior op) {
    return plan("gaussianPrior", PriorLoops.forward(op));
  }

  @Override
  public PreparedOp gaussianPriorBackward(GaussianPriorBackward op) {
    return plan("gaussianPriorBackward", PriorLoops.backward(op));
  }

  @Override
  public PreparedOp likelihood(LikelihoodLoss op) {
    return plan("likelihood", new LikelihoodLoops(op));
  }

  @Override
  public PreparedOp sampleWeights(SampleWeights op) {
    return plan("sampleWeights", SampleWeightLoops.of(op));
  }

  @Override
  public PreparedOp importanceWeights(ImportanceWeights op) {
    return plan("importanceWeights", ImportanceLoops.of(op));
  }

  @Override
  public PreparedOp mmdPenalty(MmdPenalty op) {
    return plan("mmdPenalty", new MmdLoops(op));
  }

  @Override
  public PreparedOp totalCorrelation(TotalCorrelation op) {
    return plan("totalCorrelation", TotalCorrelationLoops.forward(op));
  }

  @Override
  public PreparedOp totalCorrelationBackward(TotalCorrelationBackward op) {
    return plan("totalCorrelationBackward", TotalCorrelationLoops.backward(op));
  }

  @Override
  public PreparedOp globalNorm(GlobalNorm op) {
    return plan("globalNorm", OptimizerLoops.globalNorm(op));
  }

  @Override
  public PreparedOp recordMetrics(RecordMetrics op) {
    return plan("recordMetrics", OptimizerLoops.recordMetrics(op));
  }

  @Override
  public PreparedOp adam(AdamUpdate op) {
    return plan("adam", OptimizerLoops.adam(op));
  }

  @Override
  public PreparedOp fill(Fill op) {
    return plan("fill", MemoryLoops.fill(op));
  }

  @Override
  public PreparedOp copy(Copy op) {
    return plan("copy", MemoryLoops.copy(op));
  }

  @Override
  public PreparedOp copyColumns(CopyColumns op) {
    return plan("copyColumns", MemoryLoops.copyColumns(op));
  }

  @Override
  public Replay record(List<PreparedOp> ops) {
    List<PreparedOp> steps = List.copyOf(ops);
    return plan("replay", () -> steps.forEach(PreparedOp::run));
  }

  @Override
  public void synchronize() {
    requireOpen();
  }

  @Override
  public int open() {
    return tracker.open();
  }

  @Override
  public void close() {
    closed = true;
    tracker.reportOpen();
  }

  /** The memory a buffer lies in; fails where another backend made it. */
  static HostMemory memory(Buffer buffer, DType type) {
    if (buffer.memory() instanceof HostMemory memory && buffer.type() == type) {
      return memory;
    }
    throw new IllegalArgumentException(
        "reference backend: expected its own " + type + " buffer, given " + buffer);
  }

  private Plan plan(String name, Runnable loops) {
    requireOpen();
    return new Plan(name, loops, tracker);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the reference backend was closed");
    }
  }

  /** Loops and the proof that they are open. */
  private static final class Plan implements PreparedOp, Replay {
    private final String name;
    private final Runnable loops;
    private final LeakTracker.Ticket ticket;
    private boolean open = true;

    Plan(String name, Runnable loops, LeakTracker tracker) {
      this.name = name;
      this.loops = loops;
      this.ticket = tracker.track(this, name);
    }

    @Override
    public void run() {
      if (!open) {
        throw new IllegalStateException(name + " was closed");
      }
      loops.run();
    }

    @Override
    public void close() {
      open = false;
      ticket.closed();
    }
  }
}
