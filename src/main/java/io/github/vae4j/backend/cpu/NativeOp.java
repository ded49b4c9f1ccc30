package io.github.vae4j.backend.cpu;

import static io.github.vae4j.backend.cpu.NativeCall.check;

import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.Replay;
import io.github.vae4j.tensor.LeakTracker;

/** One planned op of libvae4j, or a sequence of them, which it runs in one native call. */
final class NativeOp implements PreparedOp, Replay {
  private final String name;
  private final CpuBackend backend;
  private final LeakTracker.Ticket ticket;
  private long handle;

  /**
   * Takes ownership.
   *
   * @param name for messages
   * @param handle what libvae4j planned
   * @param backend must be open when the op runs
   */
  NativeOp(String name, long handle, CpuBackend backend) {
    this.name = name;
    this.handle = handle;
    this.backend = backend;
    this.ticket = backend.tracker().track(this, name);
  }

  /** The native op. */
  long handle() {
    if (handle == 0) {
      throw new IllegalStateException(name + " was closed");
    }
    return handle;
  }

  @Override
  public void run() {
    backend.context();
    check(Native.vae4j_run(handle()), name);
  }

  @Override
  public void close() {
    if (handle != 0) {
      check(Native.vae4j_op_destroy(handle), name);
      handle = 0;
      ticket.closed();
    }
  }

  @Override
  public String toString() {
    return handle == 0 ? name + ", closed" : name;
  }
}
