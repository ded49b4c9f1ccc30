// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.bytedeco.cuda.global.cudart.*;

import io.github.vae4j.backend.Outlet;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.Turn;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.javacpp.BytePointer;

/**
 * An outlet through pinned memory: the copy is further work of the stream, and an event records its
 * end. A copy to pageable memory would block the host until the stream has finished.
 */
final class CudaOutlet implements Outlet {
  private final CudaContext context;
  private final Buffer source;
  private final long bytes;
  private final DoubleBuffer host;
  private final BytePointer pinned;
  private final CUevent_st copied;
  private final Turn turn;
  private final OpenObjects.Held held;
  private boolean open = true;

  CudaOutlet(CudaContext context, Buffer source, OpenObjects objects) {
    this.context = context;
    this.turn = objects.turn();
    this.source = source;
    this.bytes = source.length() * source.type().bytes();
    Arena natives = new Arena();
    try {
      context.enter();
      pinned = Staging.pin(context, Math.toIntExact(bytes), natives);
      host = pinned.asByteBuffer().order(ByteOrder.nativeOrder()).asDoubleBuffer();
      CUevent_st event = new CUevent_st();
      context.calls().check(cuEventCreate(event, CU_EVENT_DISABLE_TIMING), "cuEventCreate");
      natives.own(() -> context.release(() -> cuEventDestroy(event), "cuEventDestroy"));
      copied = event;
      // The memory must not be freed while the device writes to it.
      natives.own(() -> finish(context));
    } catch (Throwable t) {
      Closing.suppressing(t, natives);
      throw t;
    }
    this.held = objects.hold(this, "outlet of " + bytes + " bytes", natives);
  }

  private static void finish(CudaContext context) {
    if (!context.calls().corrupt()) {
      context.synchronize();
    }
  }

  @Override
  public void request() {
    try (Turn taken = turn.take()) {
      enter();
      Calls calls = context.calls();
      calls.check(
          cuMemcpyDtoHAsync(pinned, source.address(), bytes, context.stream()),
          "cuMemcpyDtoHAsync");
      calls.check(cuEventRecord(copied, context.stream()), "cuEventRecord");
    }
  }

  @Override
  public boolean arrived() {
    try (Turn taken = turn.take()) {
      enter();
      int code = cuEventQuery(copied);
      if (code == CUDA_ERROR_NOT_READY) {
        return false;
      }
      context.calls().check(code, "cuEventQuery");
      return true;
    }
  }

  @Override
  public void take(double[] target) {
    try (Turn taken = turn.take()) {
      enter();
      context.calls().check(cuEventSynchronize(copied), "cuEventSynchronize");
      host.get(0, target, 0, Math.toIntExact(source.length()));
    }
  }

  private void enter() {
    context.enter();
    if (!open) {
      throw new IllegalStateException("the outlet was closed");
    }
  }

  @Override
  public void close() {
    try (Turn taken = turn.takeToFree()) {
      open = false;
      held.close();
    }
  }
}
