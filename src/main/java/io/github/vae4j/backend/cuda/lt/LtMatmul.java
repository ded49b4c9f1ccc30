// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.lt;

import static org.bytedeco.cuda.global.cublas.*;
import static org.bytedeco.cuda.global.cudart.CUDA_R_32F;

import io.github.vae4j.backend.cuda.driver.Closing;
import io.github.vae4j.backend.cuda.driver.DeviceAddress;
import io.github.vae4j.backend.cuda.driver.Step;
import io.github.vae4j.tensor.Arena;
import java.util.List;
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

/**
 * A planned matrix product: descriptors, layouts, algorithm and workspace. {@link LtSearch} finds
 * the algorithm.
 */
final class LtMatmul implements Step {
  /** The largest alignment that cuBLASLt distinguishes; also its default assumption. */
  static final int MAX_ALIGNMENT = 256;

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
  private final int computeType;
  private final cublasLtMatmulAlgo_t algorithm;

  /** A product without an algorithm. */
  LtMatmul(LtHandle lt, LtProduct product, LtTerms terms) {
    this.lt = lt;
    this.product = product;
    this.computeType = terms.computeType();
    this.what = product.toString();
    this.a = new DeviceAddress(product.a());
    this.b = new DeviceAddress(product.b());
    this.d = new DeviceAddress(product.d());
    this.workspace = new DeviceAddress(terms.workspace());
    this.workspaceBytes = terms.workspaceBytes();
    this.algorithm = owned.own(new cublasLtMatmulAlgo_t());
    this.one = owned.own(new FloatPointer(1f));
    this.zero = owned.own(new FloatPointer(0f));
    try {
      description = describe();
      layoutA = layout(product.m(), product.k(), product.transposeA());
      layoutB = layout(product.k(), product.n(), product.transposeB());
      layoutD = layout(product.m(), product.n(), false);
    } catch (Throwable t) {
      Closing.suppressing(t, owned);
      throw t;
    }
  }

  /** Sets the algorithm. */
  LtMatmul by(LtAlgorithm chosen) {
    chosen.copyTo(algorithm);
    return this;
  }

  /** The description of its algorithm by cuBLASLt. */
  String description() {
    return LtAlgorithm.description(algorithm);
  }

  @Override
  public void submit(int block) {
    check(trySubmit(), "cublasLtMatmul");
    lt.context().launched();
  }

  /** Submits it and returns cuBLASLt's status without a check. */
  int trySubmit() {
    lt.context().launching(what);
    return cublasLtMatmul(
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
        lt.context().stream());
  }

  /** Whether its algorithm is valid for this product, on this device, in its workspace. */
  boolean checks() {
    try (cublasLtMatmulHeuristicResult_t result = new cublasLtMatmulHeuristicResult_t()) {
      return cublasLtMatmulAlgoCheck(
                  lt.handle(), description, layoutA, layoutB, layoutD, layoutD, algorithm, result)
              == CUBLAS_STATUS_SUCCESS
          && result.workspaceSize() <= workspaceBytes;
    }
  }

  /**
   * The heuristic's algorithms, best first.
   *
   * @param most the greatest number of algorithms
   * @param into receives them
   * @return cuBLASLt's status
   */
  int candidates(int most, List<LtAlgorithm> into) {
    try (Arena local = new Arena()) {
      cublasLtMatmulPreferenceOpaque_t preference = preference(local);
      cublasLtMatmulHeuristicResult_t results =
          local.own(new cublasLtMatmulHeuristicResult_t(most));
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
              most,
              results,
              found);
      if (status == CUBLAS_STATUS_SUCCESS) {
        for (int i = 0; i < found[0]; i++) {
          cublasLtMatmulHeuristicResult_t result = results.getPointer(i);
          if (result.state() == CUBLAS_STATUS_SUCCESS) {
            into.add(LtAlgorithm.of(result.algo()));
          }
        }
      }
      return status;
    }
  }

  @Override
  public void close() {
    owned.close();
  }

  private cublasLtMatmulDescOpaque_t describe() {
    cublasLtMatmulDescOpaque_t made;
    try (PointerPointer<Pointer> out = new PointerPointer<>(1)) {
      check(cublasLtMatmulDescCreate(out, computeType, CUDA_R_32F), "cublasLtMatmulDescCreate");
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

  /** The memory layout of a matrix that is (rows, columns) in the product. */
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
    // Views into an arena are not aligned to the 256 bytes that cuBLASLt assumes by default.
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

  static int alignment(long address) {
    return (int) Math.min(MAX_ALIGNMENT, Long.lowestOneBit(address));
  }

  private void check(int status, String call) {
    lt.calls().check(status, call, what);
  }
}
