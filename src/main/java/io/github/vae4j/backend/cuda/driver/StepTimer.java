// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.bytedeco.cuda.global.cudart.*;

import io.github.vae4j.tensor.Arena;
import java.util.List;
import org.bytedeco.cuda.cudart.CUevent_st;

/**
 * Measures steps on the device as they will run: repeatedly in a graph, so that the host's time is
 * not included.
 */
final class StepTimer {
  private static final int REPEATS = 8;
  private static final int ROUNDS = 3;

  /** Above this time one run is measured accurately enough. */
  private static final double LONG_MICROS = 2000;

  private final CudaContext context;

  StepTimer(CudaContext context) {
    this.context = context;
  }

  /** Microseconds of one run of all steps, the least of a few rounds. */
  double micros(List<Step> steps) {
    double once = rounds(steps, 1, 1);
    return once > LONG_MICROS ? once : rounds(steps, REPEATS, ROUNDS);
  }

  private double rounds(List<Step> steps, int repeats, int rounds) {
    try (Arena arena = new Arena()) {
      Calls calls = context.calls();
      CUevent_st start = event(arena);
      CUevent_st end = event(arena);
      Graph graph = arena.own(new Graph(context, "measuring", steps, repeats));
      graph.launch();
      double least = Double.POSITIVE_INFINITY;
      float[] millis = new float[1];
      for (int round = 0; round < rounds; round++) {
        calls.check(cuEventRecord(start, context.stream()), "cuEventRecord");
        graph.launch();
        calls.check(cuEventRecord(end, context.stream()), "cuEventRecord");
        calls.check(cuEventSynchronize(end), "cuEventSynchronize");
        calls.check(cuEventElapsedTime(millis, start, end), "cuEventElapsedTime");
        least = Math.min(least, 1000.0 * millis[0] / repeats);
      }
      return least;
    }
  }

  private CUevent_st event(Arena arena) {
    CUevent_st event = new CUevent_st();
    context.calls().check(cuEventCreate(event, CU_EVENT_DEFAULT), "cuEventCreate");
    arena.own(() -> context.release(() -> cuEventDestroy(event), "cuEventDestroy"));
    return event;
  }
}
