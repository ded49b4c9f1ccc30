// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.bench;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Op;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * Measures the time of the host in the calls that run programs. A device continues after the calls
 * have returned; on a CPU the calls compute the programs.
 */
final class HostClock {
  private long nanos;
  private long steps;
  private List<Op> largest = List.of();

  /** Wraps the backend and times its programs; closing the result closes the backend. */
  Backend over(Backend backend) {
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (proxy, method, arguments) -> {
              Object answer;
              try {
                answer = method.invoke(backend, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              return method.getName().equals("compile")
                  ? compiled((Program) answer, arguments[0])
                  : answer;
            });
  }

  private Timed compiled(Program program, Object ops) {
    List<Op> its = ((List<?>) ops).stream().map(Op.class::cast).toList();
    largest = its.size() > largest.size() ? its : largest;
    return new Timed(program);
  }

  /** The ops of the longest program, which is the training step. */
  List<Op> step() {
    return largest;
  }

  /** Sets the time and the count to 0. */
  void reset() {
    nanos = 0;
    steps = 0;
  }

  /** The host's microseconds per run since {@link #reset}. */
  double microsecondsPerStep() {
    return nanos / 1e3 / Math.max(1, steps);
  }

  private final class Timed implements Program {
    private final Program inner;

    Timed(Program inner) {
      this.inner = inner;
    }

    @Override
    public void run() {
      long start = System.nanoTime();
      inner.run();
      nanos += System.nanoTime() - start;
      steps++;
    }

    @Override
    public int runsPerCall() {
      return inner.runsPerCall();
    }

    @Override
    public void run(Control control, int count) {
      long start = System.nanoTime();
      inner.run(control, count);
      nanos += System.nanoTime() - start;
      steps += count;
    }

    @Override
    public void close() {
      inner.close();
    }
  }
}
