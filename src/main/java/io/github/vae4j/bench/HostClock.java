package io.github.vae4j.bench;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Replay;
import io.github.vae4j.backend.op.Control;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * How long the host is busy with the calls that run recorded steps. A device works on after they
 * have returned; on a CPU they are the steps themselves.
 */
final class HostClock {
  private long nanos;
  private long steps;

  /** The backend, its recorded steps timed; closing it closes the backend. */
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
              return method.getName().equals("record") ? new Timed((Replay) answer) : answer;
            });
  }

  /** Forgets what was counted. */
  void reset() {
    nanos = 0;
    steps = 0;
  }

  /** Microseconds of the host for each step since {@link #reset}. */
  double microsecondsPerStep() {
    return nanos / 1e3 / Math.max(1, steps);
  }

  private final class Timed implements Replay {
    private final Replay inner;

    Timed(Replay inner) {
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
    public int stepsPerCall() {
      return inner.stepsPerCall();
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
