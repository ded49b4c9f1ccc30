// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.bytedeco.cuda.global.cudart.*;

import io.github.vae4j.tensor.Memory;
import io.github.vae4j.tensor.Turn;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.bytedeco.javacpp.BytePointer;

/** The memory of a buffer on the device. Copies are ordered with the work of the stream. */
final class DeviceMemory implements Memory {
  private final CudaContext context;
  private final Staging staging;
  private final DeviceAllocation allocation;
  private final Turn turn;
  private final OpenObjects.Held held;

  DeviceMemory(CudaContext context, Staging staging, long bytes, OpenObjects open) {
    this.context = context;
    this.staging = staging;
    this.allocation = new DeviceAllocation(context, bytes);
    this.turn = open.turn();
    this.held = open.hold(this, "device memory of " + bytes + " bytes", allocation);
  }

  /** Whether this memory belongs to a context. */
  boolean isOf(CudaContext other) {
    return context == other;
  }

  @Override
  public long bytes() {
    return allocation.bytes();
  }

  @Override
  public long address() {
    return allocation.address();
  }

  @Override
  public Turn turn() {
    return turn;
  }

  @Override
  public void read(long offset, ByteBuffer destination) {
    try (Turn taken = turn.take()) {
      int count = begin(offset, destination);
      BytePointer host = new BytePointer(destination);
      context
          .calls()
          .check(
              cuMemcpyDtoHAsync(host, address() + offset, count, context.stream()),
              "cuMemcpyDtoHAsync");
      context.synchronize();
    }
    destination.position(destination.limit());
  }

  @Override
  public void write(long offset, ByteBuffer source) {
    try (Turn taken = turn.take()) {
      begin(offset, source);
      staging.write(address() + offset, source);
    }
  }

  private int begin(long offset, ByteBuffer host) {
    if (!host.isDirect()) {
      throw new IllegalArgumentException("expected a direct buffer, given " + host);
    }
    Objects.checkFromIndexSize(offset, host.remaining(), bytes());
    context.enter();
    if (address() == 0) {
      throw new IllegalStateException("device memory of " + bytes() + " bytes was closed");
    }
    return host.remaining();
  }

  @Override
  public void close() {
    held.close();
  }
}
