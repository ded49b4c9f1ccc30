// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.bytedeco.cuda.global.cudart.*;

import io.github.vae4j.tensor.Arena;
import java.util.Locale;
import java.util.function.IntSupplier;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.SizeTPointer;
import org.jspecify.annotations.Nullable;

/**
 * The device's primary context (the one cuBLAS uses too) and the one stream all work goes to. Used
 * by one thread at a time; a change of thread is noticed, a change of the thread's current context
 * by others is not.
 */
public final class CudaContext implements AutoCloseable {
  /**
   * With this system property true, each launch is waited for, so that an error names its launch.
   */
  static final String SYNC_PROPERTY = "vae4j.cuda.sync";

  /**
   * With this system property false, no kernel begins before its predecessor has ended. Otherwise
   * those that wait for it by themselves may, where the device can do it (compute capability 9.0).
   */
  static final String DEPENDENT_PROPERTY = "vae4j.cuda.pdl";

  private final Device device;
  private final Calls calls = new Calls();
  private final Arena owned = new Arena();
  private final CUctx_st handle = new CUctx_st();
  private final CUstream_st own = new CUstream_st();
  private final boolean synchronous = Boolean.getBoolean(SYNC_PROPERTY);
  private CUstream_st stream = own;
  private final boolean dependentLaunches;
  private @Nullable Thread current;
  private boolean capturing;
  private boolean closed;

  private CudaContext(Device device) {
    this.device = device;
    this.dependentLaunches =
        !"false".equals(System.getProperty(DEPENDENT_PROPERTY)) && device.isHopperOrLater();
  }

  static CudaContext open(Device device) {
    CudaContext context = new CudaContext(device);
    try {
      context.create();
      return context;
    } catch (Throwable t) {
      Closing.suppressing(t, context);
      throw t;
    }
  }

  private void create() {
    calls.check(cuDevicePrimaryCtxRetain(handle, device.ordinal()), "cuDevicePrimaryCtxRetain");
    owned.own(
        () ->
            calls.checkClose(
                cuDevicePrimaryCtxRelease(device.ordinal()), "cuDevicePrimaryCtxRelease"));
    enter();
    calls.check(cuStreamCreate(own, CU_STREAM_NON_BLOCKING), "cuStreamCreate");
    owned.own(() -> calls.checkClose(cuStreamDestroy(own), "cuStreamDestroy"));
  }

  /**
   * The device.
   *
   * @return what it is
   */
  public Device device() {
    return device;
  }

  Calls calls() {
    return calls;
  }

  /**
   * The stream that is submitted to.
   *
   * @return the stream
   */
  public CUstream_st stream() {
    return stream;
  }

  /** Makes the context current in the calling thread; every way into the driver starts here. */
  public void enter() {
    calls.requireUsable();
    if (closed) {
      throw new IllegalStateException("the cuda backend was closed");
    }
    Thread caller = Thread.currentThread();
    if (caller != current) {
      calls.check(cuCtxSetCurrent(handle), "cuCtxSetCurrent");
      current = caller;
    }
  }

  /**
   * Frees something. A context that ended has freed it already; in a corrupt one it is tried, and
   * may fail.
   */
  void release(IntSupplier free, String call) {
    if (closed) {
      return;
    }
    Thread caller = Thread.currentThread();
    if (caller != current) {
      calls.checkClose(cuCtxSetCurrent(handle), "cuCtxSetCurrent");
      current = caller;
    }
    calls.checkClose(free.getAsInt(), call);
  }

  /**
   * Called before each launch.
   *
   * @param what is submitted, for messages
   */
  public void launching(String what) {
    calls.launching(what);
  }

  /**
   * The last launch, which an asynchronous error may stem from.
   *
   * @return what was submitted
   */
  public String lastLaunch() {
    return calls.lastLaunch();
  }

  /**
   * Whether an error left the context corrupt: every call fails.
   *
   * @return whether it is known to be
   */
  public boolean corrupt() {
    return calls.corrupt();
  }

  /** Called after each launch: waits for it where that was asked for. */
  public void launched() {
    if (synchronous && !capturing) {
      calls.check(cuStreamSynchronize(stream), "cuStreamSynchronize");
    }
  }

  /** While capturing, nothing runs and nothing may be waited for. */
  void capturing(boolean now) {
    capturing = now;
  }

  /** Whether what is submitted is recorded and not run. */
  boolean capturing() {
    return capturing;
  }

  /** Makes another stream the one that steps are submitted to, and returns the one before. */
  CUstream_st divert(CUstream_st to) {
    CUstream_st before = stream;
    stream = to;
    return before;
  }

  /** How much of the device's memory is free, for messages. */
  String freeMemory() {
    try (SizeTPointer free = new SizeTPointer(1);
        SizeTPointer total = new SizeTPointer(1)) {
      return cuMemGetInfo(free, total) == CUDA_SUCCESS
          ? String.format(Locale.ROOT, "%,d of %,d bytes are free", free.get(), total.get())
          : "free memory is unknown";
    }
  }

  /** Whether a kernel may begin before the one ahead of it has ended. */
  boolean dependentLaunches() {
    return dependentLaunches;
  }

  /**
   * Whether each launch is waited for.
   *
   * @return whether that was asked for
   */
  public boolean synchronous() {
    return synchronous;
  }

  /** Waits for all that was submitted to the stream. */
  public void synchronize() {
    enter();
    calls.check(cuStreamSynchronize(stream), "cuStreamSynchronize");
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    owned.close();
  }
}
