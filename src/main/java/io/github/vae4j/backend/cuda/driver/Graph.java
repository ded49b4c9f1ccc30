// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.bytedeco.cuda.global.cudart.*;

import io.github.vae4j.tensor.Arena;
import java.util.List;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;

/** A CUDA graph of steps: recorded by capturing the stream, once; run by one launch. */
public final class Graph implements AutoCloseable {
  private final CudaContext context;
  private final String what;
  private final Arena owned = new Arena();
  private final CUgraphExec_st executable = new CUgraphExec_st();

  /**
   * Captures and instantiates.
   *
   * @param context of the device
   * @param what the name of the graph, for messages
   * @param steps to submit
   * @param times the number of repetitions; each reads the next block
   */
  public Graph(CudaContext context, String what, List<Step> steps, int times) {
    this.context = context;
    this.what = what;
    context.enter();
    try (Arena scope = new Arena()) {
      instantiate(capture(steps, times, scope));
    } catch (Throwable t) {
      Closing.suppressing(t, owned);
      throw t;
    }
  }

  /** Submits it to the stream; the context is current. */
  public void launch() {
    context.launching(what);
    context.calls().check(cuGraphLaunch(executable, context.stream()), "cuGraphLaunch");
    context.launched();
  }

  @Override
  public void close() {
    owned.close();
  }

  /** Captures the submissions of the steps; nothing runs. The scope owns the graph. */
  private CUgraph_st capture(List<Step> steps, int times, Arena scope) {
    // Relaxed: cuBLASLt may load a kernel when it is first used, which stricter modes forbid.
    context
        .calls()
        .check(
            cuStreamBeginCapture(context.stream(), CU_STREAM_CAPTURE_MODE_RELAXED),
            "cuStreamBeginCapture");
    context.capturing(true);
    try {
      for (int time = 0; time < times; time++) {
        for (Step step : steps) {
          step.submit(time);
        }
      }
    } catch (Throwable t) {
      // The stream must leave capture mode; the status of the incomplete graph is ignored.
      Closing.suppressing(t, () -> endCapture(scope));
      throw t;
    }
    return endCapture(scope);
  }

  private CUgraph_st endCapture(Arena scope) {
    context.capturing(false);
    CUgraph_st graph = new CUgraph_st();
    int code = cuStreamEndCapture(context.stream(), graph);
    if (!graph.isNull()) {
      scope.own(() -> context.release(() -> cuGraphDestroy(graph), "cuGraphDestroy"));
    }
    context.calls().check(code, "cuStreamEndCapture");
    return graph;
  }

  private void instantiate(CUgraph_st graph) {
    Calls calls = context.calls();
    calls.check(cuGraphInstantiate(executable, graph, 0), "cuGraphInstantiate");
    owned.own(() -> context.release(() -> cuGraphExecDestroy(executable), "cuGraphExecDestroy"));
    calls.check(cuGraphUpload(executable, context.stream()), "cuGraphUpload");
  }
}
