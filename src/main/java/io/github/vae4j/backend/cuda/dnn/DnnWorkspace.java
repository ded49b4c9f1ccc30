// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.dnn;

import io.github.vae4j.backend.cuda.driver.Gpu;
import io.github.vae4j.tensor.Arena;

/**
 * The scratch memory of a program's convolutions, which run one after the other: as large as the
 * largest of them needs. It may move while the program is planned.
 */
public final class DnnWorkspace implements AutoCloseable {
  private final Gpu gpu;
  private Arena owned = new Arena();
  private long address;
  private long bytes;

  /**
   * A workspace without memory.
   *
   * @param gpu the device
   */
  public DnnWorkspace(Gpu gpu) {
    this.gpu = gpu;
  }

  /** Makes it at least as large. */
  void reserve(long needed) {
    if (needed > bytes) {
      close();
      address = gpu.scratch(needed, owned);
      bytes = needed;
    }
  }

  /** Its address; 0 if it has no memory. */
  long address() {
    return address;
  }

  long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    Arena freed = owned;
    owned = new Arena();
    address = 0;
    bytes = 0;
    freed.close();
  }
}
