package io.github.vae4j.backend.cuda;

import static org.bytedeco.cuda.global.cudart.*;

import io.github.vae4j.backend.Replay;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.LeakTracker;
import java.util.List;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;

/**
 * A CUDA graph of ops: recorded by capturing the stream, once; run by one launch. Addresses are
 * fixed in it; what changes from step to step is read from the control block when it runs.
 */
final class CudaReplay implements Replay {
  private final CudaContext context;
  private final Arena owned = new Arena();
  private final CUgraphExec_st executable = new CUgraphExec_st();
  private final LeakTracker.Ticket ticket;
  private final String what;
  private boolean open = true;

  CudaReplay(Planner planner, List<CudaOp> ops, LeakTracker tracker) {
    this.context = planner.context();
    owned.own(planner.arena());
    this.what = "graph of " + ops.size() + " ops";
    try (Arena scope = new Arena()) {
      instantiate(capture(Fusion.of(planner, ops), scope));
    } catch (Throwable t) {
      Closing.suppressing(t, owned);
      throw t;
    }
    this.ticket = tracker.track(this, what);
  }

  @Override
  public void run() {
    context.enter();
    if (!open) {
      throw new IllegalStateException(what + " was closed");
    }
    Calls calls = context.calls();
    calls.launching(what);
    calls.check(cuGraphLaunch(executable, context.stream()), "cuGraphLaunch");
    context.launched();
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      ticket.closed();
      owned.close();
    }
  }

  /** Captures what the ops submit; nothing runs. The graph belongs to the scope. */
  private CUgraph_st capture(List<Step> steps, Arena scope) {
    context.enter();
    // Relaxed: cuBLASLt may load a kernel when it is first used, which stricter modes forbid.
    context
        .calls()
        .check(
            cuStreamBeginCapture(context.stream(), CU_STREAM_CAPTURE_MODE_RELAXED),
            "cuStreamBeginCapture");
    context.capturing(true);
    try {
      steps.forEach(step -> step.submit(0));
    } catch (Throwable t) {
      // The stream must leave capture mode, whatever that says of the broken graph.
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
