// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.bytedeco.cuda.global.cudart.*;

import java.util.Locale;
import java.util.Set;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the results of native calls. There is one object per backend, which records the last
 * launch and whether the context is corrupt.
 */
final class Calls {
  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

  /** Errors after which every call of the context fails: the driver API's "sticky" errors. */
  private static final Set<Integer> STICKY =
      Set.of(
          CUDA_ERROR_ECC_UNCORRECTABLE,
          CUDA_ERROR_NVLINK_UNCORRECTABLE,
          CUDA_ERROR_CONTAINED,
          CUDA_ERROR_ILLEGAL_ADDRESS,
          CUDA_ERROR_LAUNCH_TIMEOUT,
          CUDA_ERROR_CONTEXT_IS_DESTROYED,
          CUDA_ERROR_ASSERT,
          CUDA_ERROR_HARDWARE_STACK_ERROR,
          CUDA_ERROR_ILLEGAL_INSTRUCTION,
          CUDA_ERROR_MISALIGNED_ADDRESS,
          CUDA_ERROR_INVALID_ADDRESS_SPACE,
          CUDA_ERROR_INVALID_PC,
          CUDA_ERROR_LAUNCH_FAILED,
          CUDA_ERROR_TENSOR_MEMORY_LEAK,
          CUDA_ERROR_EXTERNAL_DEVICE,
          CUDA_ERROR_UNKNOWN);

  private String lastLaunch = "none";
  private @Nullable CudaFatalException fatal;

  /** Records the next submission, for messages. */
  void launching(String what) {
    lastLaunch = what;
  }

  /** The last submission. */
  String lastLaunch() {
    return lastLaunch;
  }

  /** Throws if the context is known to be corrupt, without a further call. */
  void requireUsable() {
    if (fatal != null) {
      throw new CudaFatalException(
          "the CUDA context is corrupt since an earlier error; start a new process. It was: "
              + fatal.getMessage(),
          fatal.call(),
          fatal.code(),
          fatal.codeName());
    }
  }

  /** Whether the context is known to be corrupt. */
  boolean corrupt() {
    return fatal != null;
  }

  /**
   * Checks a driver call.
   *
   * @param code its result
   * @param call its name
   */
  void check(int code, String call) {
    if (code != CUDA_SUCCESS) {
      throw failure(code, call, "");
    }
  }

  /** Checks a call that frees an object; in a corrupt context a failure is ignored. */
  void checkClose(int code, String call) {
    if (code != CUDA_SUCCESS) {
      if (corrupt()) {
        LOG.debug("{} returned {} in a corrupt context", call, code);
      } else {
        throw failure(code, call, "");
      }
    }
  }

  /** The exception of a failed driver call; the caller throws it. */
  CudaException failure(int code, String call, String hint) {
    String name = name(code);
    String message =
        String.format(
            Locale.ROOT,
            "%s failed: %s (%d): %s; last launch: %s%s",
            call,
            name,
            code,
            string(code),
            lastLaunch,
            hint.isEmpty() ? "" : "; " + hint);
    if (!STICKY.contains(code)) {
      return new CudaException(message, call, code, name);
    }
    fatal =
        new CudaFatalException(
            message
                + "; the context is corrupt: start a new process (an earlier launch may be the"
                + " cause: -D"
                + CudaContext.SYNC_PROPERTY
                + "=true says which)",
            call,
            code,
            name);
    return fatal;
  }

  /** The name of a driver code. */
  static String name(int code) {
    try (PointerPointer<BytePointer> out = new PointerPointer<>(1)) {
      cudart.cuGetErrorName(code, out.put(0, null));
      return text(out.get(BytePointer.class, 0), code);
    }
  }

  /** The description of a driver code. */
  static String string(int code) {
    try (PointerPointer<BytePointer> out = new PointerPointer<>(1)) {
      cudart.cuGetErrorString(code, out.put(0, null));
      return text(out.get(BytePointer.class, 0), code);
    }
  }

  private static String text(@Nullable BytePointer text, int code) {
    return text == null || text.isNull() ? "unknown code " + code : text.getString();
  }
}
