// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.dnn;

import static org.bytedeco.cuda.global.cudnn.*;

import io.github.vae4j.backend.cuda.driver.CudaContext;
import io.github.vae4j.backend.cuda.driver.CudaException;
import java.util.Locale;
import org.bytedeco.javacpp.BytePointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks the statuses that cuDNN's calls return. */
final class DnnCalls {
  private static final Logger LOG = LoggerFactory.getLogger(DnnCalls.class);
  private static final int TEXT_BYTES = 1024;

  private final CudaContext context;

  DnnCalls(CudaContext context) {
    this.context = context;
  }

  /**
   * Checks a call.
   *
   * @param status its result
   * @param call its name
   * @param what the convolution of the call
   */
  void check(int status, String call, String what) {
    if (status != CUDNN_STATUS_SUCCESS) {
      throw failure(status, call, what);
    }
  }

  /** The exception of a failed call; the caller throws it. */
  CudaException failure(int status, String call, String what) {
    String name = name(status);
    return new CudaException(
        String.format(
            Locale.ROOT,
            "%s failed: %s (%d)%s; %s; last launch: %s",
            call,
            name,
            status,
            lastError(),
            what,
            context.lastLaunch()),
        call,
        status,
        name);
  }

  /** Checks a call that frees an object; in a corrupt context a failure is ignored. */
  void checkClose(int status, String call) {
    if (context.corrupt()) {
      LOG.debug("{} returned {} in a corrupt context", call, status);
    } else {
      check(status, call, "closing");
    }
  }

  /** The name of a status. */
  static String name(int status) {
    BytePointer text = cudnnGetErrorString(status);
    return text == null || text.isNull() ? "unknown code " + status : text.getString();
  }

  /** The last error of this thread as cuDNN describes it, after a colon; empty if there is none. */
  private static String lastError() {
    try (BytePointer text = new BytePointer(TEXT_BYTES)) {
      text.zero();
      cudnnGetLastErrorString(text, TEXT_BYTES);
      String whole = text.getString();
      int end = whole.indexOf('\0');
      String said = (end < 0 ? whole : whole.substring(0, end)).strip();
      return said.isEmpty() ? "" : ": " + said;
    }
  }
}
