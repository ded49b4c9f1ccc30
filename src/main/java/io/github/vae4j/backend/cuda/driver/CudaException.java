// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import io.github.vae4j.VaeException;

/**
 * A call to the CUDA driver, cuBLASLt or NVRTC failed. The message has the call, its code, the
 * library's text and the last launch, which may be the cause of an asynchronous error.
 */
public class CudaException extends VaeException {
  /** The function that failed. */
  private final String call;

  /** Its return value. */
  private final int code;

  /** The name of that value. */
  private final String codeName;

  /**
   * A failed call.
   *
   * @param message the whole message
   * @param call the function that failed, as in {@code cuLaunchKernel}
   * @param code its result
   * @param codeName the code's name, as in {@code CUDA_ERROR_INVALID_VALUE}
   */
  public CudaException(String message, String call, int code, String codeName) {
    super(message);
    this.call = call;
    this.code = code;
    this.codeName = codeName;
  }

  /**
   * The function that failed.
   *
   * @return its name
   */
  public String call() {
    return call;
  }

  /**
   * The result of the function.
   *
   * @return the code
   */
  public int code() {
    return code;
  }

  /**
   * The name of {@link #code}.
   *
   * @return the name
   */
  public String codeName() {
    return codeName;
  }

  /**
   * Whether the device has too little free memory for the request.
   *
   * @return true for an out-of-memory error
   */
  @Override
  public boolean isOutOfMemory() {
    return codeName.equals("CUDA_ERROR_OUT_OF_MEMORY");
  }
}
