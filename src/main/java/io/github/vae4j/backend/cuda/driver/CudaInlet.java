// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.bytedeco.cuda.global.cudart.*;

import io.github.vae4j.backend.Inlet;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.Turn;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.cudart.CUstream_st;

/**
 * An inlet that a separate stream fills, through pinned memory, while the ops' stream computes. Two
 * events per write order the streams: the copy waits for the ops that read the former content of
 * the half, which were submitted before the previous write; ops that are submitted later wait for
 * the copy.
 */
final class CudaInlet implements Inlet {
  private final CudaContext context;
  private final Staging staging;
  private final Buffer buffer;
  private final Turn objects;
  private final OpenObjects.Held held;
  private final long halfBytes;
  private final CUstream_st copies;
  private final CUevent_st filled;

  /** For each half: the event of the work that was submitted before the half's last write. */
  private final CUevent_st[] submitted = new CUevent_st[2];

  private int turn = 1;

  CudaInlet(CudaContext context, Staging staging, Buffer buffer, OpenObjects open) {
    this.context = context;
    this.objects = open.turn();
    this.staging = staging;
    this.buffer = buffer;
    this.halfBytes = buffer.memory().bytes() / 2;
    Arena natives = new Arena();
    try {
      context.enter();
      Calls calls = context.calls();
      // The objects that free do not reference this inlet, so that an inlet that is not closed is
      // reported.
      CUstream_st stream = new CUstream_st();
      calls.check(cuStreamCreate(stream, CU_STREAM_NON_BLOCKING), "cuStreamCreate");
      natives.own(() -> context.release(() -> cuStreamDestroy(stream), "cuStreamDestroy"));
      copies = stream;
      filled = event(context, natives);
      submitted[0] = event(context, natives);
      submitted[1] = event(context, natives);
      // The first copy must follow the zeroing of the buffer.
      calls.check(cuEventRecord(submitted[turn], context.stream()), "cuEventRecord");
    } catch (Throwable t) {
      Closing.suppressing(t, natives);
      Closing.suppressing(t, buffer);
      throw t;
    }
    this.held = open.hold(this, "inlet of " + halfBytes + " bytes", natives);
  }

  @Override
  public Buffer buffer() {
    return buffer;
  }

  @Override
  public int write(ByteBuffer source) {
    try (Turn taken = objects.take()) {
      context.enter();
      Objects.checkFromIndexSize(0, source.remaining(), halfBytes);
      long address = buffer.address();
      Calls calls = context.calls();
      CUevent_st before = submitted[turn];
      turn = 1 - turn;
      calls.check(cuEventRecord(submitted[turn], context.stream()), "cuEventRecord");
      calls.check(cuStreamWaitEvent(copies, before, 0), "cuStreamWaitEvent");
      staging.write(address + turn * halfBytes, source, copies);
      calls.check(cuEventRecord(filled, copies), "cuEventRecord");
      calls.check(cuStreamWaitEvent(context.stream(), filled, 0), "cuStreamWaitEvent");
      return turn;
    }
  }

  @Override
  public void close() {
    try (Turn taken = objects.takeToFree();
        Arena owned = new Arena()) {
      owned.own(buffer);
      owned.own(held);
    }
  }

  private static CUevent_st event(CudaContext context, Arena natives) {
    CUevent_st event = new CUevent_st();
    context.calls().check(cuEventCreate(event, CU_EVENT_DISABLE_TIMING), "cuEventCreate");
    natives.own(() -> context.release(() -> cuEventDestroy(event), "cuEventDestroy"));
    return event;
  }
}
