package io.github.vae4j.backend.cuda;

import static org.bytedeco.cuda.global.cublas.*;

import io.github.vae4j.backend.Precision;
import io.github.vae4j.tensor.Arena;
import org.bytedeco.cuda.cublas.cublasLtContext;

/**
 * The cuBLASLt handle with the workspace that its matrix products share: they run one after the
 * other on one stream.
 */
final class LtHandle implements AutoCloseable {
  private final CudaContext context;
  private final Precision precision;
  private final Arena owned = new Arena();
  private final cublasLtContext handle = new cublasLtContext();
  private final DeviceAllocation workspace;

  LtHandle(CudaContext context, Precision precision) {
    this.context = context;
    this.precision = precision;
    context.enter();
    try {
      context.calls().checkLt(cublasLtCreate(handle), "cublasLtCreate", "opening cuBLASLt");
      owned.own(() -> context.calls().checkLtClose(cublasLtDestroy(handle), "cublasLtDestroy"));
      workspace = owned.own(new DeviceAllocation(context, context.device().workspaceBytes()));
    } catch (Throwable t) {
      Closing.suppressing(t, owned);
      throw t;
    }
  }

  CudaContext context() {
    return context;
  }

  cublasLtContext handle() {
    return handle;
  }

  DeviceAllocation workspace() {
    return workspace;
  }

  /**
   * How factors are rounded. All types stay float32: the tensor cores round on the way in, sums are
   * float32. Turing has neither type, so TF32 is float32 there (BF16 was refused).
   */
  int computeType() {
    boolean tensorCores = context.device().isAmpereOrLater();
    return switch (precision) {
      case FP32 -> CUBLAS_COMPUTE_32F;
      case TF32 -> tensorCores ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F;
      case BF16 -> CUBLAS_COMPUTE_32F_FAST_16BF;
    };
  }

  /** The library's version, as in 13.2.0. */
  static String version() {
    long version = cublasLtGetVersion();
    return version / 10000 + "." + version % 10000 / 100 + "." + version % 100;
  }

  @Override
  public void close() {
    owned.close();
  }
}
