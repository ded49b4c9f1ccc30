// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.lt;

import io.github.vae4j.backend.cuda.driver.CudaContext;
import io.github.vae4j.backend.cuda.driver.CudaException;
import java.util.Locale;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks the statuses that cuBLASLt's calls return. */
final class LtCalls {
  private static final Logger LOG = LoggerFactory.getLogger(LtCalls.class);

  private final CudaContext context;

  LtCalls(CudaContext context) {
    this.context = context;
  }

  /**
   * Checks a call.
   *
   * @param status its result
   * @param call its name
   * @param what the matrix product of the call
   */
  void check(int status, String call, String what) {
    if (status != cublas.CUBLAS_STATUS_SUCCESS) {
      String name = text(cublas.cublasLtGetStatusName(status), status);
      String said = text(cublas.cublasLtGetStatusString(status), status);
      throw new CudaException(
          String.format(
              Locale.ROOT,
              "%s failed: %s (%d): %s; %s; last launch: %s",
              call,
              name,
              status,
              said,
              what,
              context.lastLaunch()),
          call,
          status,
          name);
    }
  }

  /** Checks a call that frees an object; in a corrupt context a failure is ignored. */
  void checkClose(int status, String call) {
    if (context.corrupt()) {
      LOG.debug("{} returned {} in a corrupt context", call, status);
    } else {
      check(status, call, "closing");
    }
  }

  private static String text(@Nullable BytePointer text, int status) {
    return text == null || text.isNull() ? "unknown code " + status : text.getString();
  }
}
