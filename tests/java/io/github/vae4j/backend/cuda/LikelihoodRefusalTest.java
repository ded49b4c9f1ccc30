package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.vae4j.Thrown;
import io.github.vae4j.VaeException;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.OpCase;
import io.github.vae4j.backend.OpCases;
import io.github.vae4j.backend.Operands;
import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.likelihood.Likelihoods;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the kernels do not compute is refused when it is planned, with what to do instead. */
@Tag("cuda")
@ExtendWith(EmulatedDevice.class)
final class LikelihoodRefusalTest {
  private static final long SMALL = 10_000;

  @Test
  void likelihoodsWithKernels() {
    assertEquals(
        List.of("bernoulli", "gaussian", "gaussian-learned"),
        Likelihoods.all().stream().filter(LossPlans::hasKernel).map(Likelihood::name).toList());
  }

  @Test
  void theOtherCasesOfTheTableAreRefused() {
    List<OpCase> refused =
        OpCases.all().stream()
            .filter(LikelihoodKernels.HAVE.negate())
            .filter(opCase -> opCase.work() < SMALL)
            .toList();
    assertFalse(refused.isEmpty());
    try (Backend backend = CudaBackend.open(Precision.FP32)) {
      Ops ops = new Ops(backend);
      for (OpCase opCase : refused) {
        try (Operands operands = new Operands(ops, true)) {
          Thrown.says(
              VaeException.class,
              () -> OpCases.plan(ops, opCase.build().apply(operands)).close(),
              "the cuda backend has no kernel for ",
              "; use --backend cpu");
        }
      }
      assertEquals(0, backend.open());
    }
  }
}
