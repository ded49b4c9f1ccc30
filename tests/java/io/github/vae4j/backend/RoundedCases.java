// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import io.github.vae4j.backend.reference.ReferenceBackend;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The cases that run in tf32 and bf16: all cases of the ops whose results depend on the precision,
 * and of each other op one, because its code is that of fp32.
 *
 * <p>An op depends on the precision if the {@link Bound} of an output of its cases does. An op
 * whose bounds do not, although it rounds factors, fails in its one case.
 */
public final class RoundedCases {
  private static final long SMALL = 100_000;
  private static final Map<String, List<OpCase>> SMALL_CASES =
      OpCases.all().stream()
          .filter(opCase -> opCase.work() < SMALL)
          .collect(groupingBy(OpCase::kind));
  private static final Set<String> KINDS =
      SMALL_CASES.keySet().stream().filter(RoundedCases::rounds).collect(toSet());
  private static final Set<String> OTHERS =
      SMALL_CASES.values().stream()
          .map(cases -> cases.stream().max(Comparator.comparing(OpCase::work)).orElseThrow())
          .map(OpCase::name)
          .collect(toSet());

  private RoundedCases() {}

  /**
   * Whether a case runs in tf32 and bf16.
   *
   * @param opCase a case of the table
   */
  public static boolean contains(OpCase opCase) {
    return KINDS.contains(opCase.kind()) || OTHERS.contains(opCase.name());
  }

  /** The kinds of ops whose results depend on the precision. */
  static Set<String> kinds() {
    return KINDS;
  }

  private static boolean rounds(String kind) {
    try (Backend backend = new ReferenceBackend()) {
      return SMALL_CASES.getOrDefault(kind, List.of()).stream()
          .anyMatch(opCase -> rounds(opCase, backend));
    }
  }

  private static boolean rounds(OpCase opCase, Backend backend) {
    Tolerance rounding = Tolerance.BF16.onHardware();
    try (Operands operands = new Operands(backend, Placement.ALIGNED)) {
      var unused = opCase.build().apply(operands);
      for (Operands.Output output : operands.outputs()) {
        for (int i = 0; i < output.values().length; i++) {
          Bound bound = output.bound();
          double rounded = bound.allowed(i, 1, rounding);
          if (Double.compare(rounded, bound.allowed(i, 1, Tolerance.FP32)) != 0) {
            return true;
          }
        }
      }
      return false;
    }
  }
}
