// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.bytedeco.cuda.global.cudart.*;

import io.github.vae4j.tensor.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * A ring of pinned host memory for writes to the device. The host copies its bytes into the ring
 * and continues; the device copies them after the preceding work of the stream. So the host
 * prepares the rows of a streamed set while the device computes. A slot is reused only after the
 * event of its copy. Small writes in the ops' stream, such as control blocks, do not use the ring.
 */
final class Staging implements AutoCloseable {
  /**
   * The greatest size that the driver copies before it returns, by its documentation of
   * synchronisation.
   */
  private static final int SMALL_BYTES = 1 << 16;

  private static final int SLOTS = 16;
  private static final int SLOT_BYTES = 1 << 19;

  private final CudaContext context;
  private final Arena owned = new Arena();
  private final List<Slot> slots = new ArrayList<>();
  private int next;

  /** A slot of the ring, and the event of its last use. */
  private record Slot(BytePointer pinned, ByteBuffer bytes, CUevent_st fetched) {}

  Staging(CudaContext context) {
    this.context = context;
    context.enter();
    try {
      for (int i = 0; i < SLOTS; i++) {
        slots.add(slot());
      }
    } catch (Throwable t) {
      Closing.suppressing(t, owned);
      throw t;
    }
  }

  /** Copies the remaining bytes of the source to the device, in the order of the stream. */
  void write(long address, ByteBuffer source) {
    context.enter();
    if (source.remaining() <= SMALL_BYTES) {
      writeSmall(address, source);
    } else {
      write(address, source, context.stream());
    }
  }

  private void writeSmall(long address, ByteBuffer source) {
    BytePointer host = new BytePointer(source);
    context
        .calls()
        .check(
            cuMemcpyHtoDAsync(address, host, source.remaining(), context.stream()),
            "cuMemcpyHtoDAsync");
    source.position(source.limit());
  }

  /**
   * Copies the remaining bytes of the source to the device through the ring, in the order of a
   * stream.
   */
  void write(long address, ByteBuffer source, CUstream_st stream) {
    Calls calls = context.calls();
    int limit = source.limit();
    while (source.position() < limit) {
      Slot slot = slots.get(next);
      next = (next + 1) % SLOTS;
      calls.check(cuEventSynchronize(slot.fetched), "cuEventSynchronize");
      int count = Math.min(SLOT_BYTES, limit - source.position());
      source.limit(source.position() + count);
      slot.bytes.clear().put(source);
      source.limit(limit);
      calls.check(cuMemcpyHtoDAsync(address, slot.pinned, count, stream), "cuMemcpyHtoDAsync");
      calls.check(cuEventRecord(slot.fetched, stream), "cuEventRecord");
      address += count;
    }
  }

  private Slot slot() {
    Calls calls = context.calls();
    BytePointer pinned = pin(context, SLOT_BYTES, owned);
    CUevent_st fetched = new CUevent_st();
    calls.check(cuEventCreate(fetched, CU_EVENT_DISABLE_TIMING), "cuEventCreate");
    owned.own(() -> context.release(() -> cuEventDestroy(fetched), "cuEventDestroy"));
    return new Slot(pinned, pinned.asByteBuffer(), fetched);
  }

  /** Allocates host memory that the device can access; an arena owns it. */
  static BytePointer pin(CudaContext context, int bytes, Arena owner) {
    BytePointer pinned;
    try (PointerPointer<Pointer> out = new PointerPointer<>(1)) {
      context.calls().check(cuMemHostAlloc(out, bytes, 0), "cuMemHostAlloc");
      pinned = new BytePointer(out.get(0)).capacity(bytes);
    }
    owner.own(() -> context.release(() -> cuMemFreeHost(pinned), "cuMemFreeHost"));
    return pinned;
  }

  @Override
  public void close() {
    // A slot must not be freed while the device copies from it.
    if (!context.calls().corrupt()) {
      owned.own(context::synchronize);
    }
    owned.close();
  }
}
