// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.lt;

import static org.bytedeco.cuda.global.cublas.*;

import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.cuda.cublas.cublasLtMatmulAlgo_t;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * An algorithm of cuBLASLt as text: the bytes of its cublasLtMatmulAlgo_t, which "can be trivially
 * serialized and later restored for use with the same version of cuBLAS library" (cuBLAS 13,
 * cublasLtMatmulAlgo_t).
 *
 * @param text ends with {@code data=} and the bytes; the part before is a description for users
 */
record LtAlgorithm(String text) {
  private static final int WORDS = 8;
  private static final Pattern DATA =
      Pattern.compile("(?:^| )data=([0-9a-f]{" + 16 * WORDS + "})$");

  LtAlgorithm {
    if (!DATA.matcher(text).find()) {
      throw new IllegalArgumentException("expected an algorithm of cuBLASLt, given " + text);
    }
  }

  /** Copies an algorithm of cuBLASLt. */
  static LtAlgorithm of(cublasLtMatmulAlgo_t algorithm) {
    StringBuilder data = new StringBuilder();
    for (int i = 0; i < WORDS; i++) {
      data.append(HexFormat.of().toHexDigits(algorithm.data(i)));
    }
    return new LtAlgorithm("data=" + data);
  }

  /**
   * A description of an algorithm for users, from cuBLASLt: id, tile, split-K; ? for an unknown
   * value.
   */
  static String description(cublasLtMatmulAlgo_t algorithm) {
    return "id="
        + attribute(algorithm, CUBLASLT_ALGO_CONFIG_ID)
        + " tile="
        + attribute(algorithm, CUBLASLT_ALGO_CONFIG_TILE_ID)
        + " stages="
        + attribute(algorithm, CUBLASLT_ALGO_CONFIG_STAGES_ID)
        + " splitk="
        + attribute(algorithm, CUBLASLT_ALGO_CONFIG_SPLITK_NUM)
        + " reduction="
        + attribute(algorithm, CUBLASLT_ALGO_CONFIG_REDUCTION_SCHEME)
        + " swizzle="
        + attribute(algorithm, CUBLASLT_ALGO_CONFIG_CTA_SWIZZLING);
  }

  /** Writes the algorithm's bytes for cuBLASLt. */
  void copyTo(cublasLtMatmulAlgo_t target) {
    Matcher data = DATA.matcher(text);
    if (data.find()) {
      for (int i = 0; i < WORDS; i++) {
        target.data(i, HexFormat.fromHexDigitsToLong(data.group(1), 16 * i, 16 * i + 16));
      }
    }
  }

  /** An attribute as text; a failure of the query is not an error. */
  private static String attribute(cublasLtMatmulAlgo_t algorithm, int which) {
    try (IntPointer value = new IntPointer(1);
        SizeTPointer written = new SizeTPointer(1)) {
      int status =
          cublasLtMatmulAlgoConfigGetAttribute(algorithm, which, value, Integer.BYTES, written);
      return status == CUBLAS_STATUS_SUCCESS ? Integer.toString(value.get()) : "?";
    }
  }
}
