// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.likelihood.Block;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The likelihoods for which the cpu backend has loops. */
final class CpuLikelihoodTest {
  @Test
  void aLikelihoodWithoutLoopsIsNamed() {
    Likelihood strange =
        (Likelihood)
            Proxy.newProxyInstance(
                Likelihood.class.getClassLoader(),
                new Class<?>[] {Likelihood.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "name" -> "cauchy";
                      case "constants" -> new double[0];
                      case "blocks" -> List.of(new Block((Likelihood) proxy, 0, 4, 0, 0));
                      case "parameters" -> 4;
                      case "shared" -> 0;
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
    try (Backend backend = CpuBackend.open(2, Precision.FP32);
        Buffer parameters = backend.allocate(DType.FLOAT32, 4);
        Buffer x = backend.allocate(DType.FLOAT32, 4);
        Buffer nll = backend.allocate(DType.FLOAT32, 1)) {
      LikelihoodLoss loss =
          new LikelihoodLoss(
              strange,
              new Tensor(parameters, 1, 1, 4),
              null,
              new Tensor(x, 1, 4),
              null,
              null,
              new Tensor(nll, 1, 1),
              null,
              null,
              1);
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> backend.compile(List.of(loss)));
      String message = String.valueOf(e.getMessage());
      assertTrue(message.startsWith("likelihood: name: expected one of bernoulli, "), message);
      assertTrue(message.endsWith(", given cauchy"), message);
      assertEquals(3, backend.open());
    }
  }

  /** Every registered likelihood has its loops. */
  @Test
  void allLikelihoodsHaveLoops() {
    try (Backend backend = CpuBackend.open(2, Precision.FP32);
        Buffer parameters = backend.allocate(DType.FLOAT32, 4096);
        Buffer x = backend.allocate(DType.FLOAT32, 2);
        Buffer nll = backend.allocate(DType.FLOAT32, 1)) {
      for (Likelihoods.Entry entry : Likelihoods.entries()) {
        Likelihood likelihood = entry.standard();
        int count = likelihood.parameters(2);
        int shared = likelihood.shared(2);
        LikelihoodLoss loss =
            new LikelihoodLoss(
                likelihood,
                new Tensor(parameters.slice(0, count), 1, 1, count),
                shared == 0 ? null : new Tensor(parameters.slice(4000, shared), shared),
                new Tensor(x, 1, 2),
                null,
                null,
                new Tensor(nll, 1, 1),
                null,
                null,
                1);
        try (Program program = backend.compile(List.of(loss))) {
          program.run();
        }
        assertTrue(Float.isFinite(nll.toFloats()[0]), entry.name());
      }
    }
  }
}
