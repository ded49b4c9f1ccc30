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
 * The device's primary context (which cuBLAS also uses) and the stream of all work. Only one thread
 * at a time may use it; it detects a change of the thread, but not a change of the thread's current
 * context by other code.
 */
public final class CudaContext implements AutoCloseable {
  /**
   * With this system property true, each launch is followed by a wait, so that an error names its
   * launch.
   */
  static final String SYNC_PROPERTY = "vae4j.cuda.sync";

  /**
   * With this system property false, no kernel begins before its predecessor has ended. Otherwise
   * kernels that wait by themselves may begin earlier, if the device supports it (compute
   * capability 9.0).
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
   * @return its description
   */
  public Device device() {
    return device;
  }

  Calls calls() {
    return calls;
  }

  /**
   * The stream of submissions.
   *
   * @return the stream
   */
  public CUstream_st stream() {
    return stream;
  }

  /**
   * Makes the context current in the calling thread; every use of the driver begins with this call.
   */
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
   * Frees an object. An ended context has already freed it; in a corrupt context freeing is tried
   * and may fail.
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
   * @param what the name of the submission, for messages
   */
  public void launching(String what) {
    calls.launching(what);
  }

  /**
   * The last launch, which may be the cause of an asynchronous error.
   *
   * @return the name of the submission
   */
  public String lastLaunch() {
    return calls.lastLaunch();
  }

  /**
   * Whether an error has corrupted the context, so that every call fails.
   *
   * @return whether it is known to be
   */
  public boolean corrupt() {
    return calls.corrupt();
  }

  /** Called after each launch: waits for it, if the system property requests it. */
  public void launched() {
    if (synchronous && !capturing) {
      calls.check(cuStreamSynchronize(stream), "cuStreamSynchronize");
    }
  }

  /** During a capture no work runs, and waits are forbidden. */
  void capturing(boolean now) {
    capturing = now;
  }

  /** Whether submissions are recorded and not run. */
  boolean capturing() {
    return capturing;
  }

  /** Sets the stream of submissions and returns the former one. */
  CUstream_st divert(CUstream_st to) {
    CUstream_st before = stream;
    stream = to;
    return before;
  }

  /** The free memory of the device, for messages. */
  String freeMemory() {
    try (SizeTPointer free = new SizeTPointer(1);
        SizeTPointer total = new SizeTPointer(1)) {
      return cuMemGetInfo(free, total) == CUDA_SUCCESS
          ? String.format(Locale.ROOT, "%,d of %,d bytes are free", free.get(), total.get())
          : "free memory is unknown";
    }
  }

  /** Whether a kernel may begin before its predecessor has ended. */
  boolean dependentLaunches() {
    return dependentLaunches;
  }

  /**
   * Whether each launch is followed by a wait.
   *
   * @return whether the system property requests it
   */
  public boolean synchronous() {
    return synchronous;
  }

  /** Waits for all submitted work of the stream. */
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
