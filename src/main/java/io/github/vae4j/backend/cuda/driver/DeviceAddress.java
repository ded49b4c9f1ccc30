// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import org.bytedeco.javacpp.Pointer;

/** A device address as a pointer of the bindings. It owns no memory and is never dereferenced. */
public final class DeviceAddress extends Pointer {
  /**
   * A pointer.
   *
   * @param address on the device
   */
  public DeviceAddress(long address) {
    this.address = address;
  }
}
