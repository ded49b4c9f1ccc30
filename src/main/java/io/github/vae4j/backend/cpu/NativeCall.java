// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import io.github.vae4j.VaeException;
import io.github.vae4j.backend.MemoryException;

/** Checks the status of calls into libvae4j. */
final class NativeCall {
  private static final int OK = 0;
  private static final int INVALID_ARGUMENT = 1;
  private static final int INVALID_STATE = 2;
  private static final int OUT_OF_MEMORY = 3;

  private NativeCall() {}

  /** A function of the library that creates an object. */
  @FunctionalInterface
  interface Maker {
    int make(long[] out);
  }

  /** Throws the exception for a status; the text is the library's. */
  static void check(int status, String call) {
    if (status == OK) {
      return;
    }
    String text = Native.vae4j_last_error();
    throw switch (status) {
      case INVALID_ARGUMENT -> new IllegalArgumentException(text);
      case INVALID_STATE -> new IllegalStateException(text);
      case OUT_OF_MEMORY ->
          new MemoryException(
              "cpu backend: "
                  + call
                  + ": "
                  + text
                  + "; lower the batch size, the number of samples or the sizes of the model, or"
                  + " free memory");
      default -> new VaeException("cpu backend: " + call + " failed (" + status + "): " + text);
    };
  }

  /** The address or handle of the object that a function creates. */
  static long made(String call, Maker maker) {
    long[] out = new long[1];
    check(maker.make(out), call);
    return out[0];
  }
}
