package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendUnavailableException;
import io.github.vae4j.backend.Inlet;
import io.github.vae4j.backend.Outlet;
import io.github.vae4j.backend.Precision;
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
import io.github.vae4j.backend.op.Op;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * An NVIDIA GPU, by the CUDA driver, cuBLASLt and our own kernels. All work goes to one stream in
 * the order in which it was run; a recorded step is a CUDA graph, one launch. Sums have a fixed
 * order and no float is added by an atomic, so that the same inputs give the same bits.
 *
 * <p>Errors are {@link CudaException}s that name the call. An error on the device is seen at a
 * later call; {@code -Dvae4j.cuda.sync=true} waits after each launch and names the one that failed.
 */
public final class CudaBackend implements Backend {
  private final Precision precision;
  private final OpenObjects open;
  private final Arena owned;
  private final CudaContext context;
  private final Staging staging;
  private final Modules modules;
  private final LtHandle lt;

  private CudaBackend(Device device, Precision precision, Modules.Images images, Arena owned) {
    this.precision = precision;
    this.owned = owned;
    this.context = owned.own(CudaContext.open(device));
    this.staging = owned.own(new Staging(context));
    this.modules = owned.own(new Modules(context, KernelCache.ofUser(), images));
    boolean measured = !"false".equals(System.getProperty(LtSearch.TUNE_PROPERTY));
    KernelCache choices = measured ? KernelCache.choicesOfUser() : null;
    this.lt = owned.own(new LtHandle(context, precision, choices));
    this.open = owned.own(new OpenObjects());
    // Proves now, and not in the middle of a plan, that some compiled form of our kernels loads.
    modules.function("fill", "fill_float32");
  }

  /**
   * Opens the first device that CUDA_VISIBLE_DEVICES leaves visible.
   *
   * @param precision of matrix products; all else is float32 or float64
   * @return the backend, owned by the caller
   * @throws BackendUnavailableException if this machine cannot run it, with the reason and the mend
   */
  public static CudaBackend open(Precision precision) {
    return open(precision, KernelSources::image);
  }

  /** Opens it with kernels from elsewhere than the jar. */
  static CudaBackend open(Precision precision, Modules.Images images) {
    Device device = Probe.device(precision);
    Arena owned = new Arena();
    try {
      return new CudaBackend(device, precision, images, owned);
    } catch (CudaException e) {
      Closing.suppressing(e, owned);
      throw new BackendUnavailableException(device + " does not open: " + e.getMessage(), e);
    } catch (Throwable t) {
      Closing.suppressing(t, owned);
      throw t;
    }
  }

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public String description() {
    return String.format(
        Locale.ROOT,
        "%s, %s, cuBLASLt %s (%s), matrix products in %s",
        context.device(),
        context.freeMemory(),
        LtHandle.version(),
        Natives.loaded(),
        precision.name().toLowerCase(Locale.ROOT));
  }

  @Override
  public Map<String, String> choices() {
    return lt.search().choices().all();
  }

  @Override
  public boolean adopt(Map<String, String> choices) {
    return lt.search().choices().adopt(choices);
  }

  @Override
  public Buffer allocate(DType type, long length) {
    long bytes = Math.multiplyExact(length, (long) type.bytes());
    return Buffer.owning(new DeviceMemory(context, staging, bytes, open), type, length);
  }

  @Override
  public Inlet inlet(DType type, long length) {
    return new CudaInlet(context, staging, allocate(type, Math.multiplyExact(2, length)), open);
  }

  @Override
  public Outlet outlet(Buffer source) {
    return new CudaOutlet(context, source, open);
  }

  @Override
  public PreparedOp gather(Gather op) {
    return plan("gather", op, DataPlans::gather);
  }

  @Override
  public PreparedOp dense(Dense op) {
    return plan("dense", op, DensePlans::forward);
  }

  @Override
  public PreparedOp denseBackward(DenseBackward op) {
    return plan("denseBackward", op, DensePlans::backward);
  }

  @Override
  public PreparedOp reparameterize(Reparameterize op) {
    return plan("reparameterize", op, LatentPlans::forward);
  }

  @Override
  public PreparedOp reparameterizeBackward(ReparameterizeBackward op) {
    return plan("reparameterizeBackward", op, LatentPlans::backward);
  }

  @Override
  public PreparedOp add(Add op) {
    return plan("add", op, DataPlans::add);
  }

  @Override
  public PreparedOp sampledKl(SampledKl op) {
    return plan("sampledKl", op, PriorPlans::sampledKl);
  }

  @Override
  public PreparedOp mixturePrior(MixturePrior op) {
    return plan("mixturePrior", op, PriorPlans::mixture);
  }

  @Override
  public PreparedOp mixturePriorBackward(MixturePriorBackward op) {
    return plan("mixturePriorBackward", op, PriorPlans::mixtureBackward);
  }

  @Override
  public PreparedOp planarFlow(PlanarFlow op) {
    return plan("planarFlow", op, FlowPlans::forward);
  }

  @Override
  public PreparedOp planarFlowBackward(PlanarFlowBackward op) {
    return plan("planarFlowBackward", op, FlowPlans::backward);
  }

  @Override
  public PreparedOp triangularMap(TriangularMap op) {
    return plan("triangularMap", op, FlowPlans::triangular);
  }

  @Override
  public PreparedOp triangularMapBackward(TriangularMapBackward op) {
    return plan("triangularMapBackward", op, FlowPlans::triangularBackward);
  }

  @Override
  public PreparedOp gaussianPrior(GaussianPrior op) {
    return plan("gaussianPrior", op, PriorPlans::gaussian);
  }

  @Override
  public PreparedOp gaussianPriorBackward(GaussianPriorBackward op) {
    return plan("gaussianPriorBackward", op, PriorPlans::gaussianBackward);
  }

  @Override
  public PreparedOp likelihood(LikelihoodLoss op) {
    return plan("likelihood", op, LikelihoodPlans::likelihood);
  }

  @Override
  public PreparedOp sampleWeights(SampleWeights op) {
    return plan("sampleWeights", op, WeightPlans::sampleWeights);
  }

  @Override
  public PreparedOp importanceWeights(ImportanceWeights op) {
    return plan("importanceWeights", op, WeightPlans::importanceWeights);
  }

  @Override
  public PreparedOp mmdPenalty(MmdPenalty op) {
    return plan("mmdPenalty", op, PenaltyPlans::mmd);
  }

  @Override
  public PreparedOp totalCorrelation(TotalCorrelation op) {
    return plan("totalCorrelation", op, PenaltyPlans::totalCorrelation);
  }

  @Override
  public PreparedOp totalCorrelationBackward(TotalCorrelationBackward op) {
    return plan("totalCorrelationBackward", op, PenaltyPlans::totalCorrelationBackward);
  }

  @Override
  public PreparedOp globalNorm(GlobalNorm op) {
    return plan("globalNorm", op, OptimizerPlans::globalNorm);
  }

  @Override
  public PreparedOp recordMetrics(RecordMetrics op) {
    return plan("recordMetrics", op, OptimizerPlans::recordMetrics);
  }

  @Override
  public PreparedOp adam(AdamUpdate op) {
    return plan("adam", op, OptimizerPlans::adam);
  }

  @Override
  public PreparedOp fill(Fill op) {
    return plan("fill", op, DataPlans::fill);
  }

  @Override
  public PreparedOp copy(Copy op) {
    return plan("copy", op, DataPlans::copy);
  }

  @Override
  public PreparedOp copyColumns(CopyColumns op) {
    return plan("copyColumns", op, DataPlans::copyColumns);
  }

  @Override
  public Replay record(List<PreparedOp> ops) {
    List<CudaOp> own = new ArrayList<>();
    for (PreparedOp op : ops) {
      if (!(op instanceof CudaOp planned) || !planned.isOf(context)) {
        throw new IllegalArgumentException("record: expected ops of this backend, given " + op);
      }
      own.add(planned);
    }
    return new CudaReplay(new Planner(context, staging, modules, lt), own, open);
  }

  @Override
  public void synchronize() {
    context.synchronize();
  }

  @Override
  public int open() {
    return open.count();
  }

  @Override
  public void close() {
    owned.close();
  }

  private <T extends Op> PreparedOp plan(
      String name, T op, BiFunction<Planner, T, List<Step>> planning) {
    Planner planner = new Planner(context, staging, modules, lt);
    try {
      return new CudaOp(name, op, planner, planning.apply(planner, op), open);
    } catch (Throwable t) {
      Closing.suppressing(t, planner.arena());
      throw t;
    }
  }
}
