// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.lt;

import org.bytedeco.javacpp.Pointer;

/** A device address as a pointer of the bindings. It owns no memory and is never dereferenced. */
final class DeviceAddress extends Pointer {
  DeviceAddress(long address) {
    this.address = address;
  }
}
