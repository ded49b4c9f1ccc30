// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.bytedeco.cuda.global.cudart.*;

import io.github.vae4j.tensor.Arena;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.cudart.CUstream_st;

/**
 * A parallel branch of a program. While steps are captured, those of the branch are submitted to a
 * separate stream, whose events become edges of the graph. Outside a capture all steps run in the
 * order of submission.
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
   * A step in the branch: after all steps submitted so far, and parallel to the following ones up
   * to the join.
   *
   * @param step of the branch
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
   * A join: all following steps run after the steps of the branch.
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
