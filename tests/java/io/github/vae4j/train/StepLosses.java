// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.model.VaeSpec;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The loss of each of a run's first steps: -ELBO in nats, mean over the batch. */
final class StepLosses {
  private StepLosses() {}

  static List<Double> of(
      BackendOptions options, VaeSpec spec, TrainConfig config, DataSet data, int steps) {
    List<Double> sums = new ArrayList<>();
    try (Backend backend = Backends.open(options);
        Trainer trainer =
            new Trainer(oneStepACall(backend), spec, config, data, null, TrainListener.NONE)) {
      trainer.run(
          () -> {
            double[] sum = trainer.state().clock().sums();
            sums.add(sum[1] + sum[2] + sum[5]);
            return sums.size() > steps;
          });
    }
    List<Double> losses = new ArrayList<>();
    for (int i = 0; i + 1 < sums.size(); i++) {
      losses.add((sums.get(i + 1) - sums.get(i)) / config.batch());
    }
    return losses;
  }

  /** Step by step, relative to the expected loss and at least to one nat. */
  static void assertFollows(List<Double> expected, List<Double> actual, double tolerance) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      double allowed = tolerance * Math.max(1, Math.abs(expected.get(i)));
      assertEquals(expected.get(i), actual.get(i), allowed, "loss of step " + i);
    }
  }

  /** The backend, but each call takes one step. */
  static Backend oneStepACall(Backend backend) {
    return compiling(backend, ops -> inTurn(List.of(backend.compile(ops))));
  }

  /** The programs as one, by which a call takes one run. */
  static Program inTurn(List<Program> programs) {
    return new Program() {
      @Override
      public void run() {
        programs.forEach(Program::run);
      }

      @Override
      public void close() {
        programs.forEach(Program::close);
      }
    };
  }

  /** The backend with another way to compile. */
  static Backend compiling(Backend backend, Function<List<Op>, Program> compile) {
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (proxy, method, args) -> {
              if (!method.getName().equals("compile")) {
                return method.invoke(backend, args);
              }
              List<Op> ops = new ArrayList<>();
              ((List<?>) args[0]).forEach(op -> ops.add((Op) op));
              return compile.apply(ops);
            });
  }
}
