// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.dnn;

import static org.bytedeco.cuda.global.cudnn.*;

import io.github.vae4j.backend.cuda.dnn.DnnConvolution.Pass;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An algorithm of cuDNN that is deterministic, computes the sum of the definition (a Winograd or
 * Fourier transform has larger errors of rounding), and supports a filter in NHWC.
 *
 * @param number a cudnnConvolutionFwdAlgo_t, cudnnConvolutionBwdDataAlgo_t or
 *     cudnnConvolutionBwdFilterAlgo_t
 * @param tf32 whether the tensor cores may round the factors to TensorFloat-32
 */
record DnnAlgorithm(int number, boolean tf32) {
  private static final Pattern TEXT = Pattern.compile("(?:^| )algo=(\\d) math=(tf32|fma)$");

  /**
   * The algorithms to try, the requested rounding first. TensorFloat-32 is allowed to be as slow as
   * float32 where there are few channels: then the exact product is the better choice.
   *
   * @param tf32 whether the precision and the device allow TensorFloat-32
   */
  static List<DnnAlgorithm> candidates(Pass pass, boolean tf32) {
    List<DnnAlgorithm> candidates = new ArrayList<>();
    for (int number : numbers(pass)) {
      if (tf32 && number != CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM) {
        candidates.add(new DnnAlgorithm(number, true));
      }
    }
    for (int number : numbers(pass)) {
      candidates.add(new DnnAlgorithm(number, false));
    }
    return candidates;
  }

  private static int[] numbers(Pass pass) {
    return switch (pass) {
      case FORWARD ->
          new int[] {
            CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM,
            CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM
          };
      case DATA_GRADIENT -> new int[] {CUDNN_CONVOLUTION_BWD_DATA_ALGO_1};
      case FILTER_GRADIENT -> new int[] {CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1};
    };
  }

  /** The candidate at the end of a choice; null if there is none. */
  static @Nullable DnnAlgorithm of(String choice, List<DnnAlgorithm> candidates) {
    Matcher text = TEXT.matcher(choice);
    if (!text.find()) {
      return null;
    }
    DnnAlgorithm chosen =
        new DnnAlgorithm(Integer.parseInt(text.group(1)), text.group(2).equals("tf32"));
    return Optional.of(chosen).filter(candidates::contains).orElse(null);
  }

  /** The math type. */
  int math() {
    return tf32 ? CUDNN_DEFAULT_MATH : CUDNN_FMA_MATH;
  }

  @Override
  public String toString() {
    return "algo=" + number + " math=" + (tf32 ? "tf32" : "fma");
  }
}
