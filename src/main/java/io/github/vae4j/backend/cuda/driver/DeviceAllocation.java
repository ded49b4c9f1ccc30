// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.bytedeco.cuda.global.cudart.*;

import java.util.Locale;

/** Zeroed device memory and its address. */
final class DeviceAllocation implements AutoCloseable {
  private final CudaContext context;
  private final long bytes;
  private long address;

  /** Allocates; the driver aligns to 256 bytes or more. */
  DeviceAllocation(CudaContext context, long bytes) {
    this.context = context;
    this.bytes = bytes;
    context.enter();
    long[] out = new long[1];
    int code = cuMemAlloc(out, bytes);
    if (code != CUDA_SUCCESS) {
      throw context
          .calls()
          .failure(code, "cuMemAlloc", code == CUDA_ERROR_OUT_OF_MEMORY ? shortage(bytes) : "");
    }
    address = out[0];
    try {
      context
          .calls()
          .check(cuMemsetD8Async(address, (byte) 0, bytes, context.stream()), "cuMemsetD8Async");
    } catch (CudaException e) {
      Closing.suppressing(e, this);
      throw e;
    }
  }

  long bytes() {
    return bytes;
  }

  /** 0 once closed. */
  long address() {
    return address;
  }

  @Override
  public void close() {
    long freed = address;
    address = 0;
    if (freed != 0) {
      context.release(() -> cuMemFree(freed), "cuMemFree");
    }
  }

  private String shortage(long asked) {
    return String.format(
        Locale.ROOT,
        "asked for %,d bytes, %s; lower the batch size, the number of samples or the layers' units,"
            + " or end other programs on this GPU",
        asked,
        context.freeMemory());
  }
}
