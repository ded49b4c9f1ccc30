package io.github.vae4j.backend.cpu;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendUnavailableException;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.Replay;
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
import io.github.vae4j.likelihood.Block;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.LeakTracker;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

/**
 * Native code on the CPU: oneDNN's matrix products and the fused loops of libvae4j, for the
 * machine's instruction set, on its cores. Results of the loops do not depend on the number of
 * threads; those of matrix products may, in the last bits.
 */
public final class CpuBackend implements Backend {
  private static final String PLATFORM = "linux-x86_64";

  private final LeakTracker tracker = new LeakTracker();
  private final Precision precision;
  private long handle;

  private CpuBackend(int threads, Precision precision, @Nullable String isa) {
    this.precision = precision;
    this.handle =
        NativeCall.made(
            "context", out -> Native.vae4j_context_create(threads, code(precision), isa, out));
  }

  /**
   * Opens the backend.
   *
   * @param threads threads of a computation; 0 for all cores
   * @param precision of matrix products
   * @return the backend, owned by the caller
   * @throws BackendUnavailableException if its native libraries do not load here
   */
  public static CpuBackend open(int threads, Precision precision) {
    return open(threads, precision, null);
  }

  /** Opens it with the loops of an instruction set: baseline, avx2, avx512; null for the best. */
  static CpuBackend open(int threads, Precision precision, @Nullable String isa) {
    if (threads < 0) {
      throw new IllegalArgumentException(
          "cpu backend: threads: expected 0 (all cores) or more, given " + threads);
    }
    if (!Loader.getPlatform().equals(PLATFORM)) {
      throw new BackendUnavailableException(
          "its natives are for "
              + PLATFORM
              + " and this is "
              + Loader.getPlatform()
              + "; use --backend reference here");
    }
    try {
      Loader.load(Native.class);
    } catch (LinkageError e) {
      throw new BackendUnavailableException(
          "its native libraries do not load ("
              + e.getMessage()
              + "); put org.bytedeco:dnnl with classifier "
              + PLATFORM
              + " on the class path, and let the JavaCPP cache folder (~/.javacpp, or"
              + " -Dorg.bytedeco.javacpp.cachedir) be writable and executable",
          e);
    }
    return new CpuBackend(threads, precision, isa);
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String description() {
    int[] threads = new int[1];
    NativeCall.check(Native.vae4j_context_threads(context(), threads), "threads");
    return Native.vae4j_context_isa(context())
        + ", "
        + threads[0]
        + (threads[0] == 1 ? " thread, " : " threads, ")
        + precision.name().toLowerCase(Locale.ROOT)
        + ", oneDNN "
        + Native.vae4j_onednn_version()
        + ", libvae4j "
        + Native.vae4j_version();
  }

  @Override
  public Buffer allocate(DType type, long length) {
    context();
    long bytes = Math.multiplyExact(length, (long) type.bytes());
    return Buffer.owning(new NativeMemory(bytes, tracker), type, length);
  }

  @Override
  public PreparedOp gather(Gather op) {
    return plan(
        "gather",
        out ->
            Native.vae4j_plan_gather(
                context(),
                address(op.source()),
                code(op.source().type()),
                address(op.index()),
                address(op.out()),
                address(op.mask()),
                address(op.control().buffer()),
                op.rows(),
                op.features(),
                op.batch(),
                op.scale(),
                op.shuffle() ? 1 : 0,
                op.binarize() ? 1 : 0,
                op.seed(),
                out));
  }

  @Override
  public PreparedOp dense(Dense op) {
    return plan(
        "dense",
        out ->
            Native.vae4j_plan_dense(
                context(),
                address(op.x()),
                address(op.weight()),
                address(op.bias()),
                address(op.preactivation()),
                address(op.y()),
                op.batch(),
                op.inputs(),
                op.outputs(),
                op.activation().id(),
                out));
  }

  @Override
  public PreparedOp denseBackward(DenseBackward op) {
    return plan(
        "denseBackward",
        out ->
            Native.vae4j_plan_dense_backward(
                context(),
                address(op.x()),
                address(op.weight()),
                address(op.y()),
                address(op.dy()),
                address(op.dx()),
                address(op.dWeight()),
                address(op.dBias()),
                op.batch(),
                op.inputs(),
                op.outputs(),
                op.activation().id(),
                out));
  }

  @Override
  public PreparedOp reparameterize(Reparameterize op) {
    return plan(
        "reparameterize",
        out ->
            Native.vae4j_plan_reparameterize(
                context(),
                address(op.stats()),
                address(op.z()),
                address(op.kl()),
                address(op.klPerDimension()),
                address(op.logRatio()),
                address(op.control().buffer()),
                op.batch(),
                op.samples(),
                op.latent(),
                op.seed(),
                op.stream().id(),
                op.rowOffset(),
                out));
  }

  @Override
  public PreparedOp reparameterizeBackward(ReparameterizeBackward op) {
    return plan(
        "reparameterizeBackward",
        out ->
            Native.vae4j_plan_reparameterize_backward(
                context(),
                address(op.stats()),
                address(op.dz()),
                address(op.klPerDimension()),
                address(op.weight()),
                address(op.dStats()),
                address(op.control().buffer()),
                op.batch(),
                op.samples(),
                op.groups(),
                op.latent(),
                op.seed(),
                op.stream().id(),
                op.rowOffset(),
                op.klScale(),
                op.freeBits(),
                op.capacity() ? 1 : 0,
                code(op.estimator()),
                out));
  }

  @Override
  public PreparedOp sampleWeights(SampleWeights op) {
    return plan(
        "sampleWeights",
        out ->
            Native.vae4j_plan_sample_weights(
                context(),
                address(op.nll()),
                address(op.logRatio()),
                address(op.rowWeight()),
                address(op.weight()),
                address(op.bound()),
                address(op.control().buffer()),
                op.batch(),
                op.samples(),
                op.groups(),
                op.alpha(),
                out));
  }

  @Override
  public PreparedOp add(Add op) {
    return plan("add", LatentCalls.add(context(), op));
  }

  @Override
  public PreparedOp sampledKl(SampledKl op) {
    return plan("sampledKl", LatentCalls.sampledKl(context(), op));
  }

  @Override
  public PreparedOp mixturePrior(MixturePrior op) {
    return plan("mixturePrior", LatentCalls.mixturePrior(context(), op));
  }

  @Override
  public PreparedOp mixturePriorBackward(MixturePriorBackward op) {
    return plan("mixturePriorBackward", LatentCalls.mixturePriorBackward(context(), op));
  }

  @Override
  public PreparedOp planarFlow(PlanarFlow op) {
    return plan("planarFlow", LatentCalls.planarFlow(context(), op));
  }

  @Override
  public PreparedOp planarFlowBackward(PlanarFlowBackward op) {
    return plan("planarFlowBackward", LatentCalls.planarFlowBackward(context(), op));
  }

  @Override
  public PreparedOp triangularMap(TriangularMap op) {
    return plan("triangularMap", LatentCalls.triangularMap(context(), op));
  }

  @Override
  public PreparedOp triangularMapBackward(TriangularMapBackward op) {
    return plan("triangularMapBackward", LatentCalls.triangularMapBackward(context(), op));
  }

  @Override
  public PreparedOp gaussianPrior(GaussianPrior op) {
    return plan("gaussianPrior", LatentCalls.gaussianPrior(context(), op));
  }

  @Override
  public PreparedOp gaussianPriorBackward(GaussianPriorBackward op) {
    return plan("gaussianPriorBackward", LatentCalls.gaussianPriorBackward(context(), op));
  }

  @Override
  public PreparedOp likelihood(LikelihoodLoss op) {
    List<Block> blocks = op.likelihood().blocks(op.features());
    String names =
        blocks.stream().map(block -> block.likelihood().name()).collect(Collectors.joining(";"));
    double[] constants =
        blocks.stream()
            .flatMapToDouble(block -> DoubleStream.of(block.likelihood().constants()))
            .toArray();
    int[] columns = blocks.stream().mapToInt(Block::columns).toArray();
    Buffer rowWeight = op.rowWeight();
    int weights = rowWeight == null ? 0 : Math.toIntExact(rowWeight.length());
    return plan(
        "likelihood",
        out ->
            Native.vae4j_plan_likelihood(
                context(),
                names,
                constants,
                constants.length,
                columns,
                columns.length,
                address(op.parameters()),
                address(op.shared()),
                address(op.x()),
                address(op.mask()),
                address(rowWeight),
                weights,
                address(op.nll()),
                address(op.dParameters()),
                address(op.dShared()),
                op.batch(),
                op.samples(),
                op.features(),
                op.scale(),
                out));
  }

  @Override
  public PreparedOp importanceWeights(ImportanceWeights op) {
    return plan(
        "importanceWeights",
        out ->
            Native.vae4j_plan_importance_weights(
                context(),
                address(op.nll()),
                address(op.logRatio()),
                address(op.state()),
                op.batch(),
                op.samples(),
                out));
  }

  @Override
  public PreparedOp mmdPenalty(MmdPenalty op) {
    return plan("mmdPenalty", PenaltyCalls.mmd(context(), op));
  }

  @Override
  public PreparedOp totalCorrelation(TotalCorrelation op) {
    return plan("totalCorrelation", PenaltyCalls.totalCorrelation(context(), op));
  }

  @Override
  public PreparedOp totalCorrelationBackward(TotalCorrelationBackward op) {
    return plan("totalCorrelationBackward", PenaltyCalls.totalCorrelationBackward(context(), op));
  }

  @Override
  public PreparedOp globalNorm(GlobalNorm op) {
    return plan(
        "globalNorm",
        out ->
            Native.vae4j_plan_global_norm(
                context(),
                address(op.gradients()),
                op.gradients().length(),
                address(op.norm()),
                out));
  }

  @Override
  public PreparedOp recordMetrics(RecordMetrics op) {
    return plan(
        "recordMetrics",
        out ->
            Native.vae4j_plan_record_metrics(
                context(),
                address(op.nll()),
                op.nll().length(),
                address(op.kl()),
                op.kl().length(),
                address(op.bound()),
                address(op.penalty()),
                op.penalty() == null ? 0 : op.penalty().length(),
                address(op.norm()),
                address(op.ring()),
                address(op.status()),
                address(op.control().buffer()),
                op.slots(),
                out));
  }

  @Override
  public PreparedOp adam(AdamUpdate op) {
    return plan(
        "adam",
        out ->
            Native.vae4j_plan_adam(
                context(),
                address(op.parameters()),
                address(op.gradients()),
                address(op.m()),
                address(op.v()),
                address(op.average()),
                op.parameters().length(),
                address(op.norm()),
                address(op.status()),
                address(op.state()),
                address(op.control().buffer()),
                op.beta1(),
                op.beta2(),
                op.epsilon(),
                op.weightDecay(),
                op.decoupled() ? 1 : 0,
                op.clipNorm(),
                op.emaDecay(),
                out));
  }

  @Override
  public PreparedOp fill(Fill op) {
    return plan(
        "fill",
        out ->
            Native.vae4j_plan_fill(
                context(),
                address(op.target()),
                code(op.target().type()),
                op.target().length(),
                op.value(),
                out));
  }

  @Override
  public PreparedOp copy(Copy op) {
    return plan(
        "copy",
        out ->
            Native.vae4j_plan_copy(
                context(),
                address(op.source()),
                address(op.target()),
                op.source().length() * op.source().type().bytes(),
                out));
  }

  @Override
  public PreparedOp copyColumns(CopyColumns op) {
    return plan(
        "copyColumns",
        out ->
            Native.vae4j_plan_copy_columns(
                context(),
                address(op.source()),
                address(op.target()),
                op.rows(),
                op.repeat(),
                op.columns(),
                op.sourceColumns(),
                op.sourceFirst(),
                op.targetColumns(),
                op.targetFirst(),
                out));
  }

  @Override
  public Replay record(List<PreparedOp> ops) {
    long[] handles = new long[ops.size()];
    for (int i = 0; i < handles.length; i++) {
      if (!(ops.get(i) instanceof NativeOp op)) {
        throw new IllegalArgumentException(
            "replay: ops[" + i + "]: expected an op of the cpu backend, given " + ops.get(i));
      }
      handles[i] = op.handle();
    }
    return plan(
        "replay of " + handles.length + " ops",
        out -> Native.vae4j_plan_sequence(context(), handles, handles.length, out));
  }

  @Override
  public void synchronize() {
    context();
  }

  @Override
  public int open() {
    return tracker.open();
  }

  @Override
  public void close() {
    if (handle != 0) {
      tracker.reportOpen();
      NativeCall.check(Native.vae4j_context_destroy(handle), "destroy context");
      handle = 0;
    }
  }

  /** The native context; fails where this was closed. */
  long context() {
    if (handle == 0) {
      throw new IllegalStateException("the cpu backend was closed");
    }
    return handle;
  }

  LeakTracker tracker() {
    return tracker;
  }

  private NativeOp plan(String name, NativeCall.Maker maker) {
    return new NativeOp(name, NativeCall.made(name, maker), this);
  }

  /** The address of a buffer of this backend; 0 where there is none. */
  static long address(@Nullable Buffer buffer) {
    if (buffer == null) {
      return 0;
    }
    if (!(buffer.memory() instanceof NativeMemory)) {
      throw new IllegalArgumentException(
          "cpu backend: expected a buffer that it allocated, given " + buffer);
    }
    return buffer.address();
  }

  /** vae4j_type in vae4j.h. */
  private static int code(DType type) {
    return switch (type) {
      case FLOAT32 -> 0;
      case FLOAT64 -> 1;
      case UINT8 -> 2;
      case INT32 ->
          throw new IllegalArgumentException("cpu backend: expected no INT32 buffer, given one");
    };
  }

  /** vae4j_estimator in vae4j.h. */
  private static int code(Estimator estimator) {
    return switch (estimator) {
      case ANALYTIC -> 0;
      case SAMPLED -> 1;
      case DOUBLY_REPARAMETERIZED -> 2;
    };
  }

  /** vae4j_precision in vae4j.h. */
  private static int code(Precision precision) {
    return switch (precision) {
      case FP32 -> 0;
      case TF32 -> 1;
      case BF16 -> 2;
    };
  }
}
