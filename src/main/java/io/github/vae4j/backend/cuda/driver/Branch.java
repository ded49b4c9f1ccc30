// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.bytedeco.cuda.global.cudart.*;

import io.github.vae4j.tensor.Arena;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.cudart.CUstream_st;

/**
 * A second line of a program: while its steps are captured, those put beside go to a stream of
 * their own, whose events become the edges of the graph. Outside a capture there is one line, in
 * the order of submission.
 */
public final class Branch {
  private final CudaContext context;
  private final CUstream_st stream = new CUstream_st();
  private final CUevent_st forked = new CUevent_st();
  private final CUevent_st joined = new CUevent_st();

  /**
   * A branch.
   *
   * @param context of the device
   * @param owner owns its native parts
   */
  public Branch(CudaContext context, Arena owner) {
    this.context = context;
    Calls calls = context.calls();
    calls.check(cuStreamCreate(stream, CU_STREAM_NON_BLOCKING), "cuStreamCreate");
    owner.own(() -> context.release(() -> cuStreamDestroy(stream), "cuStreamDestroy"));
    for (CUevent_st event : new CUevent_st[] {forked, joined}) {
      calls.check(cuEventCreate(event, CU_EVENT_DISABLE_TIMING), "cuEventCreate");
      owner.own(() -> context.release(() -> cuEventDestroy(event), "cuEventDestroy"));
    }
  }

  /**
   * A step after all that was submitted so far, and beside all that follows until the join.
   *
   * @param step what is put beside
   * @return the step to submit in its place
   */
  public Step beside(Step step) {
    return block -> {
      if (!context.capturing()) {
        step.submit(block);
        return;
      }
      order(forked, context.stream(), stream);
      CUstream_st main = context.divert(stream);
      try {
        step.submit(block);
      } finally {
        context.divert(main);
      }
    };
  }

  /**
   * A join: what follows comes after all that was put beside.
   *
   * @return the step to submit
   */
  public Step join() {
    return block -> {
      if (context.capturing()) {
        order(joined, stream, context.stream());
      }
    };
  }

  private void order(CUevent_st event, CUstream_st first, CUstream_st then) {
    Calls calls = context.calls();
    calls.check(cuEventRecord(event, first), "cuEventRecord");
    calls.check(cuStreamWaitEvent(then, event, 0), "cuStreamWaitEvent");
  }
}
