// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.lt;

import static org.bytedeco.cuda.global.cublas.*;

import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.cuda.driver.Choices;
import io.github.vae4j.backend.cuda.driver.Closing;
import io.github.vae4j.backend.cuda.driver.CudaContext;
import io.github.vae4j.backend.cuda.driver.Device;
import io.github.vae4j.backend.cuda.driver.Gpu;
import io.github.vae4j.tensor.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bytedeco.cuda.cublas.cublasLtContext;
import org.jspecify.annotations.Nullable;

/**
 * The cuBLASLt handle with the workspaces that its matrix products share: products that run one
 * after the other share one, products of branches another.
 */
public final class LtHandle implements AutoCloseable {
  private final Gpu gpu;
  private final CudaContext context;
  private final LtCalls calls;
  private final Precision precision;
  private final Arena owned = new Arena();
  private final cublasLtContext handle = new cublasLtContext();
  private final long workspaceBytes;
  private final long workspace;
  private final LtSearch search;

  /** The workspace of products in branches; 0 before it is allocated. */
  private long besides;

  /**
   * Opens cuBLASLt.
   *
   * @param gpu the device, which must be closed after this
   * @param precision of the factors
   */
  public LtHandle(Gpu gpu, Precision precision) {
    this.gpu = gpu;
    this.context = gpu.context();
    this.calls = new LtCalls(context);
    this.workspaceBytes = context.device().workspaceBytes();
    this.precision = precision;
    context.enter();
    try {
      calls.check(cublasLtCreate(handle), "cublasLtCreate", "opening cuBLASLt");
      owned.own(() -> calls.checkClose(cublasLtDestroy(handle), "cublasLtDestroy"));
      workspace = gpu.scratch(workspaceBytes, owned);
      Device device = context.device();
      String place =
          String.format(
              Locale.ROOT,
              "cuBLASLt %s, %s %d.%d",
              version(),
              device.name(),
              device.major(),
              device.minor());
      search = new LtSearch(this, new Choices(place, LtSearch.choicesOfUser()));
    } catch (Throwable t) {
      Closing.suppressing(t, owned);
      throw t;
    }
  }

  Gpu gpu() {
    return gpu;
  }

  LtCalls calls() {
    return calls;
  }

  CudaContext context() {
    return context;
  }

  cublasLtContext handle() {
    return handle;
  }

  /**
   * The choices by measurement.
   *
   * @return the choices, which later plans extend
   */
  public Choices choices() {
    return search.choices();
  }

  /**
   * Plans a product on the requested terms.
   *
   * @param product the product
   * @param beside whether it may run parallel to other products
   * @param owner owns the plan
   * @return the plan; null if cuBLASLt refuses it
   */
  public @Nullable Timed tryAsAsked(LtProduct product, boolean beside, Arena owner) {
    return tryOn(terms(beside).get(0), product, owner);
  }

  /**
   * Plans a product on the requested terms, else with less rounding and then without workspace.
   *
   * @param product the product
   * @param beside whether it may run parallel to other products
   * @param owner owns the plan
   * @return the plan; null if cuBLASLt refuses it on all terms
   */
  public @Nullable Timed tryAnyhow(LtProduct product, boolean beside, Arena owner) {
    for (LtTerms terms : terms(beside)) {
      Timed plan = tryOn(terms, product, owner);
      if (plan != null) {
        return plan;
      }
    }
    return null;
  }

  private @Nullable Timed tryOn(LtTerms terms, LtProduct product, Arena owner) {
    LtMatmul plan = search.tryPlan(product, terms);
    return plan == null ? null : new Timed(owner.own(plan), search.micros(product, terms));
  }

  /**
   * The terms to try, the requested ones first.
   *
   * @param beside whether the product may run parallel to others
   */
  private List<LtTerms> terms(boolean beside) {
    long room = beside ? besides() : workspace;
    List<LtTerms> terms = new ArrayList<>();
    for (int type : computeTypes()) {
      terms.add(new LtTerms(type, room, workspaceBytes));
    }
    terms.add(new LtTerms(CUBLAS_COMPUTE_32F, 0, 0));
    return terms;
  }

  /**
   * The rounding of factors, and the alternatives after a refusal: less rounding is acceptable. All
   * types in memory are float32: the tensor cores round the factors, and sums are float32. Turing
   * has neither type, so that TF32 is float32 there (BF16 is refused earlier).
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

  private long besides() {
    if (besides == 0) {
      besides = gpu.scratch(workspaceBytes, owned);
    }
    return besides;
  }

  /**
   * The library's version.
   *
   * @return for example 13.2.0
   */
  public static String version() {
    long version = cublasLtGetVersion();
    return version / 10000 + "." + version % 10000 / 100 + "." + version % 100;
  }

  @Override
  public void close() {
    owned.close();
  }
}
