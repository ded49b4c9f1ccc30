package io.github.vae4j.backend.cuda;

import static org.bytedeco.cuda.global.cudart.*;

import io.github.vae4j.backend.Outlet;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.javacpp.BytePointer;

/**
 * An outlet through pinned memory: the copy is one more piece of work of the stream, and an event
 * says when it is done. From pageable memory the copy would stop the host until the stream is
 * through.
 */
final class CudaOutlet implements Outlet {
  private final CudaContext context;
  private final Buffer source;
  private final long bytes;
  private final Arena owned = new Arena();
  private final BytePointer pinned;
  private final ByteBuffer host;
  private final CUevent_st copied = new CUevent_st();
  private boolean open = true;

  CudaOutlet(CudaContext context, Buffer source) {
    this.context = context;
    this.source = source;
    this.bytes = source.length() * source.type().bytes();
    context.enter();
    try {
      Calls calls = context.calls();
      pinned = Staging.pin(context, Math.toIntExact(bytes), owned);
      host = pinned.asByteBuffer().order(ByteOrder.nativeOrder());
      calls.check(cuEventCreate(copied, CU_EVENT_DISABLE_TIMING), "cuEventCreate");
      owned.own(() -> context.release(() -> cuEventDestroy(copied), "cuEventDestroy"));
    } catch (Throwable t) {
      Closing.suppressing(t, owned);
      throw t;
    }
  }

  @Override
  public void request() {
    enter();
    Calls calls = context.calls();
    calls.check(
        cuMemcpyDtoHAsync(pinned, source.address(), bytes, context.stream()), "cuMemcpyDtoHAsync");
    calls.check(cuEventRecord(copied, context.stream()), "cuEventRecord");
  }

  @Override
  public boolean arrived() {
    enter();
    int code = cuEventQuery(copied);
    if (code == CUDA_ERROR_NOT_READY) {
      return false;
    }
    context.calls().check(code, "cuEventQuery");
    return true;
  }

  @Override
  public void take(double[] target) {
    enter();
    context.calls().check(cuEventSynchronize(copied), "cuEventSynchronize");
    host.asDoubleBuffer().get(0, target, 0, Math.toIntExact(source.length()));
  }

  private void enter() {
    context.enter();
    if (!open) {
      throw new IllegalStateException("the outlet was closed");
    }
  }

  @Override
  public void close() {
    if (!open) {
      return;
    }
    open = false;
    // The memory must not be freed while the device writes to it.
    if (!context.closed() && !context.calls().corrupt()) {
      owned.own(context::synchronize);
    }
    owned.close();
  }
}
