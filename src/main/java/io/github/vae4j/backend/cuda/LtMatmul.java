package io.github.vae4j.backend.cuda;

import static org.bytedeco.cuda.global.cublas.*;
import static org.bytedeco.cuda.global.cudart.CUDA_R_32F;

import io.github.vae4j.tensor.Arena;
import org.bytedeco.cuda.cublas.cublasLtMatmulAlgo_t;
import org.bytedeco.cuda.cublas.cublasLtMatmulDescOpaque_t;
import org.bytedeco.cuda.cublas.cublasLtMatmulHeuristicResult_t;
import org.bytedeco.cuda.cublas.cublasLtMatmulPreferenceOpaque_t;
import org.bytedeco.cuda.cublas.cublasLtMatrixLayoutOpaque_t;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/** A matrix product with everything decided once: descriptors, layouts, algorithm, workspace. */
final class LtMatmul implements Step {
  /** Not documented, but some kernels read an epilogue's vector 16 bytes at a time. */
  private static final int VECTOR_ALIGNMENT = 16;

  /** The largest alignment that cuBLASLt distinguishes; also what it assumes if not told. */
  private static final int MAX_ALIGNMENT = 256;

  private final LtHandle lt;
  private final LtProduct product;
  private final String what;
  private final Arena owned = new Arena();
  private final Pointer a;
  private final Pointer b;
  private final Pointer d;
  private final FloatPointer one;
  private final FloatPointer zero;
  private final cublasLtMatmulDescOpaque_t description;
  private final cublasLtMatrixLayoutOpaque_t layoutA;
  private final cublasLtMatrixLayoutOpaque_t layoutB;
  private final cublasLtMatrixLayoutOpaque_t layoutD;
  private final Pointer workspace;
  private final long workspaceBytes;
  private @Nullable cublasLtMatmulAlgo_t algorithm;

  private LtMatmul(LtHandle lt, LtProduct product) {
    this.lt = lt;
    this.product = product;
    this.what = product.toString();
    this.a = new DeviceAddress(product.a());
    this.b = new DeviceAddress(product.b());
    this.d = new DeviceAddress(product.d());
    this.workspace = new DeviceAddress(lt.workspace().address());
    this.workspaceBytes = lt.workspace().bytes();
    this.one = owned.own(new FloatPointer(1f));
    this.zero = owned.own(new FloatPointer(0f));
    try {
      description = describe();
      layoutA = layout(product.m(), product.k(), product.transposeA());
      layoutB = layout(product.k(), product.n(), product.transposeB());
      layoutD = layout(product.m(), product.n(), false);
      algorithm = choose();
    } catch (Throwable t) {
      Closing.suppressing(t, owned);
      throw t;
    }
  }

  /**
   * Plans a product.
   *
   * @return the plan; null if cuBLASLt has no algorithm for it, with this epilogue, on this device
   */
  static @Nullable LtMatmul tryPlan(LtHandle lt, LtProduct product) {
    lt.context().enter();
    if (product.bias() % VECTOR_ALIGNMENT != 0) {
      return null;
    }
    LtMatmul plan = new LtMatmul(lt, product);
    if (plan.algorithm == null) {
      plan.close();
      return null;
    }
    return plan;
  }

  /** Plans a product that must be possible: one without an epilogue. */
  static LtMatmul plan(LtHandle lt, LtProduct product) {
    LtMatmul plan = tryPlan(lt, product);
    if (plan == null) {
      throw lt.context()
          .calls()
          .failureLt(
              CUBLAS_STATUS_NOT_SUPPORTED, "cublasLtMatmulAlgoGetHeuristic", product.toString());
    }
    return plan;
  }

  @Override
  public void submit(int block) {
    lt.context().calls().launching(what);
    check(
        cublasLtMatmul(
            lt.handle(),
            description,
            one,
            a,
            layoutA,
            b,
            layoutB,
            zero,
            d,
            layoutD,
            d,
            layoutD,
            algorithm,
            workspace,
            workspaceBytes,
            lt.context().stream()),
        "cublasLtMatmul");
    lt.context().launched();
  }

  @Override
  public void close() {
    owned.close();
  }

  private cublasLtMatmulDescOpaque_t describe() {
    cublasLtMatmulDescOpaque_t made;
    try (PointerPointer<Pointer> out = new PointerPointer<>(1)) {
      check(
          cublasLtMatmulDescCreate(out, lt.computeType(), CUDA_R_32F), "cublasLtMatmulDescCreate");
      made = new cublasLtMatmulDescOpaque_t(out.get(0));
    }
    owned.own(() -> check(cublasLtMatmulDescDestroy(made), "cublasLtMatmulDescDestroy"));
    set(made, CUBLASLT_MATMUL_DESC_TRANSA, product.transposeA() ? CUBLAS_OP_T : CUBLAS_OP_N);
    set(made, CUBLASLT_MATMUL_DESC_TRANSB, product.transposeB() ? CUBLAS_OP_T : CUBLAS_OP_N);
    set(made, CUBLASLT_MATMUL_DESC_EPILOGUE, product.epilogue().code());
    if (product.bias() != 0) {
      set(made, CUBLASLT_MATMUL_DESC_BIAS_POINTER, product.bias());
    }
    if (product.mask() != 0) {
      set(made, CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER, product.mask());
      set(made, CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD, product.maskStride());
    }
    return made;
  }

  private void set(cublasLtMatmulDescOpaque_t target, int attribute, long value) {
    try (LongPointer pointer = new LongPointer(1)) {
      check(
          cublasLtMatmulDescSetAttribute(target, attribute, pointer.put(value), Long.BYTES),
          "cublasLtMatmulDescSetAttribute");
    }
  }

  private void set(cublasLtMatmulDescOpaque_t target, int attribute, int value) {
    try (IntPointer pointer = new IntPointer(1)) {
      check(
          cublasLtMatmulDescSetAttribute(target, attribute, pointer.put(value), Integer.BYTES),
          "cublasLtMatmulDescSetAttribute");
    }
  }

  /** The layout in memory of a matrix that the product sees as (rows, columns). */
  private cublasLtMatrixLayoutOpaque_t layout(int rows, int columns, boolean transposed) {
    int memoryRows = transposed ? columns : rows;
    int memoryColumns = transposed ? rows : columns;
    cublasLtMatrixLayoutOpaque_t made;
    try (PointerPointer<Pointer> out = new PointerPointer<>(1)) {
      check(
          cublasLtMatrixLayoutCreate(out, CUDA_R_32F, memoryRows, memoryColumns, memoryRows),
          "cublasLtMatrixLayoutCreate");
      made = new cublasLtMatrixLayoutOpaque_t(out.get(0));
    }
    owned.own(() -> check(cublasLtMatrixLayoutDestroy(made), "cublasLtMatrixLayoutDestroy"));
    return made;
  }

  /** The first algorithm of the heuristic; null if there is none. */
  private @Nullable cublasLtMatmulAlgo_t choose() {
    try (Arena local = new Arena()) {
      cublasLtMatmulPreferenceOpaque_t preference = preference(local);
      cublasLtMatmulHeuristicResult_t result = owned.own(new cublasLtMatmulHeuristicResult_t());
      int[] found = new int[1];
      int status =
          cublasLtMatmulAlgoGetHeuristic(
              lt.handle(),
              description,
              layoutA,
              layoutB,
              layoutD,
              layoutD,
              preference,
              1,
              result,
              found);
      if (status == CUBLAS_STATUS_NOT_SUPPORTED
          || (status == CUBLAS_STATUS_SUCCESS && found[0] == 0)) {
        return null;
      }
      check(status, "cublasLtMatmulAlgoGetHeuristic");
      return result.state() == CUBLAS_STATUS_SUCCESS ? result.algo() : null;
    }
  }

  private cublasLtMatmulPreferenceOpaque_t preference(Arena local) {
    cublasLtMatmulPreferenceOpaque_t made;
    try (PointerPointer<Pointer> out = new PointerPointer<>(1)) {
      check(cublasLtMatmulPreferenceCreate(out), "cublasLtMatmulPreferenceCreate");
      made = new cublasLtMatmulPreferenceOpaque_t(out.get(0));
    }
    local.own(
        () -> check(cublasLtMatmulPreferenceDestroy(made), "cublasLtMatmulPreferenceDestroy"));
    try (LongPointer bytes = new LongPointer(1)) {
      check(
          cublasLtMatmulPreferenceSetAttribute(
              made,
              CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES,
              bytes.put(workspaceBytes),
              Long.BYTES),
          "cublasLtMatmulPreferenceSetAttribute");
    }
    // Views into an arena are not aligned to the 256 bytes that cuBLASLt would assume.
    prefer(made, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, alignment(product.a()));
    prefer(made, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, alignment(product.b()));
    prefer(made, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, alignment(product.d()));
    prefer(made, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, alignment(product.d()));
    return made;
  }

  private void prefer(cublasLtMatmulPreferenceOpaque_t target, int attribute, int value) {
    try (IntPointer pointer = new IntPointer(1)) {
      check(
          cublasLtMatmulPreferenceSetAttribute(
              target, attribute, pointer.put(value), Integer.BYTES),
          "cublasLtMatmulPreferenceSetAttribute");
    }
  }

  private static int alignment(long address) {
    return (int) Math.min(MAX_ALIGNMENT, Long.lowestOneBit(address));
  }

  private void check(int status, String call) {
    lt.context().calls().checkLt(status, call, what);
  }
}
