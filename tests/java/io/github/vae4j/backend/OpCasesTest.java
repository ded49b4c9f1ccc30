// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.likelihood.Likelihoods;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The op cases cover all ops. */
final class OpCasesTest {
  private static final long SMALL = 1_000_000;

  @Test
  void everyOpHasACase() {
    Set<Class<?>> found = new HashSet<>();
    eachOp(op -> found.add(op.getClass()));
    assertEquals(Set.of(Op.class.getPermittedSubclasses()), found);
  }

  @Test
  void everyLikelihoodHasACase() {
    Set<String> found = new HashSet<>();
    eachOp(
        op -> {
          if (op instanceof LikelihoodLoss loss) {
            found.add(loss.likelihood().name());
          }
        });
    assertEquals(
        Likelihoods.entries().stream().map(Likelihoods.Entry::name).collect(toSet()), found);
  }

  @Test
  void everyActivationHasACaseEachWay() {
    Set<Activation> forward = new HashSet<>();
    Set<Activation> backward = new HashSet<>();
    eachOp(
        op -> {
          if (op instanceof Dense dense) {
            forward.add(dense.activation());
          } else if (op instanceof DenseBackward dense) {
            backward.add(dense.forward().activation());
          }
        });
    assertEquals(Set.of(Activation.values()), forward);
    assertEquals(Set.of(Activation.values()), backward);
  }

  @Test
  void namesAreUnique() {
    List<String> names = OpCases.all().stream().map(OpCase::name).toList();
    List<String> twice = new ArrayList<>(names);
    Set.copyOf(names).forEach(twice::remove);
    assertEquals(List.of(), twice);
  }

  @Test
  void productsRunInEachPrecisionAndOfEachOtherOpOneCase() {
    Set<String> rounding = RoundedCases.kinds();
    assertTrue(rounding.containsAll(Set.of("dense", "denseBackward", "conv", "convBackward")));
    assertTrue(Collections.disjoint(rounding, Set.of("adam", "likelihood", "totalCorrelation")));
    Map<String, Integer> counts = new TreeMap<>();
    Map<String, Integer> all = new TreeMap<>();
    for (OpCase opCase : OpCases.all()) {
      all.merge(opCase.kind(), 1, Integer::sum);
      counts.merge(opCase.kind(), RoundedCases.contains(opCase) ? 1 : 0, Integer::sum);
    }
    all.replaceAll((kind, count) -> rounding.contains(kind) ? count : 1);
    assertEquals(all, counts);
  }

  @Test
  void casesWorthTimingAreLarge() {
    assertTrue(OpCases.large().stream().mapToLong(OpCase::work).sum() > 1_000_000_000L);
  }

  private static void eachOp(Consumer<Op> visitor) {
    Backend backend = new ReferenceBackend();
    for (OpCase opCase : OpCases.all()) {
      if (opCase.work() <= SMALL) {
        try (Operands operands = new Operands(backend, Placement.ALIGNED)) {
          visitor.accept(opCase.build().apply(operands));
        }
      }
    }
    backend.close();
  }
}
