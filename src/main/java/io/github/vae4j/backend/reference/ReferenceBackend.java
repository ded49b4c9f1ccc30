// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.BatchNorm;
import io.github.vae4j.backend.op.BatchNormBackward;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.CopyColumns;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.backend.op.Dropout;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.backend.op.GaussianPrior;
import io.github.vae4j.backend.op.GaussianPriorBackward;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.ImportanceWeights;
import io.github.vae4j.backend.op.LayerNorm;
import io.github.vae4j.backend.op.LayerNormBackward;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.backend.op.MixturePrior;
import io.github.vae4j.backend.op.MixturePriorBackward;
import io.github.vae4j.backend.op.MmdPenalty;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.PlanarFlow;
import io.github.vae4j.backend.op.PlanarFlowBackward;
import io.github.vae4j.backend.op.RecordMetrics;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.ReparameterizeBackward;
import io.github.vae4j.backend.op.RunningAverage;
import io.github.vae4j.backend.op.SampleWeights;
import io.github.vae4j.backend.op.SampledKl;
import io.github.vae4j.backend.op.TotalCorrelation;
import io.github.vae4j.backend.op.TotalCorrelationBackward;
import io.github.vae4j.backend.op.TriangularMap;
import io.github.vae4j.backend.op.TriangularMapBackward;
import io.github.vae4j.dispatch.SealedTable;
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

  private static final SealedTable<Op, ReferenceBackend, Runnable> LOOPS =
      SealedTable.<Op, ReferenceBackend, Runnable>of(Op.class)
          .with(Gather.class, GatherLoops::of)
          .with(Dense.class, DenseLoops::forward)
          .with(DenseBackward.class, DenseLoops::backward)
          .with(Reparameterize.class, ReparameterizeLoops::forward)
          .with(ReparameterizeBackward.class, ReparameterizeLoops::backward)
          .with(Add.class, MemoryLoops::add)
          .with(SampledKl.class, PriorLoops::sampledKl)
          .with(MixturePrior.class, MixtureLoops::forward)
          .with(MixturePriorBackward.class, MixtureLoops::backward)
          .with(PlanarFlow.class, PlanarLoops::forward)
          .with(PlanarFlowBackward.class, PlanarLoops::backward)
          .with(TriangularMap.class, TriangularLoops::forward)
          .with(TriangularMapBackward.class, TriangularLoops::backward)
          .with(GaussianPrior.class, PriorLoops::forward)
          .with(GaussianPriorBackward.class, PriorLoops::backward)
          .with(LikelihoodLoss.class, LikelihoodLoops::new)
          .with(SampleWeights.class, SampleWeightLoops::of)
          .with(ImportanceWeights.class, ImportanceLoops::of)
          .with(MmdPenalty.class, MmdLoops::new)
          .with(TotalCorrelation.class, TotalCorrelationLoops::forward)
          .with(TotalCorrelationBackward.class, TotalCorrelationLoops::backward)
          .with(GlobalNorm.class, OptimizerLoops::globalNorm)
          .with(RecordMetrics.class, OptimizerLoops::recordMetrics)
          .with(AdamUpdate.class, OptimizerLoops::adam)
          .with(Copy.class, MemoryLoops::copy)
          .with(CopyColumns.class, MemoryLoops::copyColumns)
          .with(Dropout.class, DropoutLoops::of)
          .with(BatchNorm.class, NormLoops::batch)
          .with(BatchNormBackward.class, NormLoops::batchBackward)
          .with(LayerNorm.class, NormLoops::layer)
          .with(LayerNormBackward.class, NormLoops::layerBackward)
          .with(RunningAverage.class, NormLoops::runningAverage)
          .complete();

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
    long size = type.bytes(length);
    if (size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "reference backend: a buffer holds less than 2 GiB, given " + length + " " + type);
    }
    int bytes = (int) size;
    long address = nextAddress;
    nextAddress += (bytes + (long) ALIGNMENT) / ALIGNMENT * ALIGNMENT;
    return Buffer.owning(new HostMemory(bytes, address, tracker), type, length);
  }

  @Override
  public Program compile(List<Op> ops) {
    requireOpen();
    Runnable[] loops =
        ops.stream()
            .map(op -> Program.planning(op, () -> LOOPS.apply(this, op)))
            .toArray(Runnable[]::new);
    return new Loops(Program.names(ops), loops, tracker);
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

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the reference backend was closed");
    }
  }

  /** The loops of a program and the proof that they are open. */
  private static final class Loops implements Program {
    private final String name;
    private final Runnable[] loops;
    private final LeakTracker.Ticket ticket;
    private boolean open = true;

    Loops(String name, Runnable[] loops, LeakTracker tracker) {
      this.name = name;
      this.loops = loops;
      this.ticket = tracker.track(this, name);
    }

    @Override
    public void run() {
      if (!open) {
        throw new IllegalStateException(name + " was closed");
      }
      for (Runnable each : loops) {
        each.run();
      }
    }

    @Override
    public void close() {
      open = false;
      ticket.closed();
    }
  }
}
