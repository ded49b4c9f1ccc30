// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

/**
 * The device's context is corrupt: an illegal access, a failed launch, a hardware error. Every
 * later call fails as well, so that nothing is retried; close the backend and start a new process.
 */
public final class CudaFatalException extends CudaException {
  /**
   * A failed call that leaves the context corrupt.
   *
   * @param message the whole message
   * @param call the function that reported it
   * @param code its result
   * @param codeName the code's name
   */
  public CudaFatalException(String message, String call, int code, String codeName) {
    super(message, call, code, codeName);
  }
}
