// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.lt;

import java.util.Locale;
import org.bytedeco.cuda.global.cublas;

/**
 * A matrix product of row-major float32 matrices, in the terms of cuBLASLt. cuBLASLt is
 * column-major, and a row-major (r, c) matrix is the column-major (c, r) matrix in the same memory.
 * Therefore each product is computed transposed, D^T = op(A) op(B) with D^T (m, n), and an epilogue
 * per row of D^T is one per column of D: a bias per output.
 *
 * @param m rows of D^T: columns of D
 * @param n columns of D^T: rows of D
 * @param k the length of the sums
 * @param a address of the first factor
 * @param transposeA whether op(A) is A^T; A is (m, k), or (k, m) in memory if transposed
 * @param b address of the second factor
 * @param transposeB whether op(B) is B^T; B is (k, n), or (n, k) in memory if transposed
 * @param d address of the result
 * @param epilogue the computation after the product
 * @param bias address of the epilogue's vector, read or written; 0 for none
 * @param mask address of the epilogue's ReLU bit mask, read or written; 0 for none
 */
public record LtProduct(
    int m,
    int n,
    int k,
    long a,
    boolean transposeA,
    long b,
    boolean transposeB,
    long d,
    Epilogue epilogue,
    long bias,
    long mask) {
  /** "Must be divisible by 128 and be no less than the number of rows in the output matrix." */
  private static final int MASK_COLUMN_BITS = 128;

  /** The epilogues in use; cuBLASLt has more, such as an approximate GELU. */
  public enum Epilogue {
    /** No epilogue. */
    NONE(cublas.CUBLASLT_EPILOGUE_DEFAULT),
    /** Adds bias[i] to row i of D^T. */
    BIAS(cublas.CUBLASLT_EPILOGUE_BIAS),
    /** Adds bias[i], then max(x, 0). */
    RELU_BIAS(cublas.CUBLASLT_EPILOGUE_RELU_BIAS),
    /** RELU_BIAS, and a bit for each positive result; cuBLASLt defines the layout of the mask. */
    RELU_MASK_BIAS(cublas.CUBLASLT_EPILOGUE_RELU_AUX_BIAS),
    /**
     * Sets results without a bit in the mask to 0, and writes bias[i] = the sum of row i of the
     * result.
     */
    MASK_SUM(cublas.CUBLASLT_EPILOGUE_DRELU_BGRAD),
    /** Writes bias[i] = sum over k of A[i, k]; A must not be transposed. */
    SUM_A(cublas.CUBLASLT_EPILOGUE_BGRADA);

    private final int code;

    Epilogue(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /**
   * y (B, O) = x (B, I) W (I, O).
   *
   * @param batch B
   * @param inputs I
   * @param outputs O
   * @param x address
   * @param weight address of W
   * @param y address
   * @param epilogue the computation after the product
   * @param bias address of the epilogue's vector; 0 for none
   * @return the product
   */
  public static LtProduct forward(
      int batch,
      int inputs,
      int outputs,
      long x,
      long weight,
      long y,
      Epilogue epilogue,
      long bias) {
    return new LtProduct(outputs, batch, inputs, weight, false, x, false, y, epilogue, bias, 0);
  }

  /**
   * dx (B, I) = dv (B, O) W^T.
   *
   * @param batch B
   * @param inputs I
   * @param outputs O
   * @param dv address
   * @param weight address of W
   * @param dx address
   * @return the product
   */
  public static LtProduct inputGradient(
      int batch, int inputs, int outputs, long dv, long weight, long dx) {
    return new LtProduct(inputs, batch, outputs, weight, true, dv, false, dx, Epilogue.NONE, 0, 0);
  }

  /**
   * dW (I, O) = x^T dv. A is dv and k runs over rows, so that SUM_A is the bias gradient.
   *
   * @param batch B
   * @param inputs I
   * @param outputs O
   * @param x address
   * @param dv address
   * @param dWeight address of dW
   * @param epilogue NONE or SUM_A
   * @param dBias address of the epilogue's vector; 0 for none
   * @return the product
   */
  public static LtProduct weightGradient(
      int batch,
      int inputs,
      int outputs,
      long x,
      long dv,
      long dWeight,
      Epilogue epilogue,
      long dBias) {
    return new LtProduct(outputs, inputs, batch, dv, false, x, true, dWeight, epilogue, dBias, 0);
  }

  /**
   * A copy with another epilogue.
   *
   * @param other the epilogue
   * @param itsBias address of its vector; 0 for none
   * @param itsMask address of its bit mask; 0 for none
   * @return the product
   */
  public LtProduct with(Epilogue other, long itsBias, long itsMask) {
    return new LtProduct(m, n, k, a, transposeA, b, transposeB, d, other, itsBias, itsMask);
  }

  /** A copy with other addresses of its results. */
  LtProduct into(long itsD, long itsBias, long itsMask) {
    return new LtProduct(m, n, k, a, transposeA, b, transposeB, itsD, epilogue, itsBias, itsMask);
  }

  /** The bytes of D^T. */
  long resultBytes() {
    return (long) m * n * Float.BYTES;
  }

  /** The bytes of the epilogue's vector: an element for each row of D^T. */
  long vectorBytes() {
    return (long) m * Float.BYTES;
  }

  /** The distance in bits between columns of the mask of D^T. */
  long maskStride() {
    return (m + MASK_COLUMN_BITS - 1L) / MASK_COLUMN_BITS * MASK_COLUMN_BITS;
  }

  /**
   * The size of the mask of D^T.
   *
   * @return bytes
   */
  public long maskBytes() {
    return maskStride() / Byte.SIZE * n;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "matmul %s%s m=%d n=%d k=%d %s",
        transposeA ? "T" : "N",
        transposeB ? "T" : "N",
        m,
        n,
        k,
        epilogue);
  }
}
