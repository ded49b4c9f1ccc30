// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.bytedeco.cuda.global.cublas.*;

import io.github.vae4j.backend.Precision;
import io.github.vae4j.tensor.Arena;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.cublas.cublasLtContext;
import org.jspecify.annotations.Nullable;

/**
 * The cuBLASLt handle with the workspaces that its matrix products share: those that run one after
 * the other have one, those that run beside them another.
 */
final class LtHandle implements AutoCloseable {
  private final CudaContext context;
  private final Precision precision;
  private final Arena owned = new Arena();
  private final cublasLtContext handle = new cublasLtContext();
  private final DeviceAllocation workspace;
  private final LtSearch search;
  private @Nullable DeviceAllocation besides;

  LtHandle(CudaContext context, Precision precision, @Nullable KernelCache choices) {
    this.context = context;
    this.precision = precision;
    context.enter();
    try {
      context.calls().checkLt(cublasLtCreate(handle), "cublasLtCreate", "opening cuBLASLt");
      owned.own(() -> context.calls().checkLtClose(cublasLtDestroy(handle), "cublasLtDestroy"));
      workspace = owned.own(new DeviceAllocation(context, context.device().workspaceBytes()));
      Device device = context.device();
      String place =
          String.format(
              "cuBLASLt %s, %s %d.%d", version(), device.name(), device.major(), device.minor());
      search = new LtSearch(this, new LtChoices(place, choices));
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

  LtSearch search() {
    return search;
  }

  /**
   * The terms to ask for, those that were meant first.
   *
   * @param beside whether the product may run while others do
   */
  List<LtTerms> terms(boolean beside) {
    DeviceAllocation room = beside ? besides() : workspace;
    List<LtTerms> terms = new ArrayList<>();
    for (int type : computeTypes()) {
      terms.add(new LtTerms(type, room));
    }
    terms.add(new LtTerms(CUBLAS_COMPUTE_32F, null));
    return terms;
  }

  /**
   * How factors are rounded, and what to do with where that is refused: rounding less is no harm.
   * All types stay float32: the tensor cores round on the way in, sums are float32. Turing has
   * neither type, so TF32 is float32 there (BF16 was refused).
   */
  private int[] computeTypes() {
    if (precision == Precision.FP32 || !context.device().isAmpereOrLater()) {
      return new int[] {CUBLAS_COMPUTE_32F};
    }
    return precision == Precision.TF32
        ? new int[] {CUBLAS_COMPUTE_32F_FAST_TF32, CUBLAS_COMPUTE_32F}
        : new int[] {
          CUBLAS_COMPUTE_32F_FAST_16BF, CUBLAS_COMPUTE_32F_FAST_TF32, CUBLAS_COMPUTE_32F
        };
  }

  private DeviceAllocation besides() {
    if (besides == null) {
      besides = owned.own(new DeviceAllocation(context, workspace.bytes()));
    }
    return besides;
  }

  /**
   * Memory to try something in, at the same offset from a multiple of the largest alignment.
   *
   * @param address what it stands for; 0 gives 0
   * @param bytes how much
   * @param trial owns it
   */
  long twin(long address, long bytes, Arena trial) {
    if (address == 0) {
      return 0;
    }
    long offset = address % LtMatmul.MAX_ALIGNMENT;
    return trial.own(new DeviceAllocation(context, offset + bytes)).address() + offset;
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
