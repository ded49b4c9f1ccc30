// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.RecordMetrics;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Small operands that make several threads or blocks of a kernel communicate through global memory,
 * for each CUDA kernel in which they do.
 */
public final class CommunicatingCases {
  /** Splits a case's name before the shape: the first part names the computation. */
  private static final Pattern SHAPE = Pattern.compile(" (\\d|NaN|at extremes|extremes).*");

  /**
   * A case.
   *
   * @param name of the op
   * @param module the file of the kernel that communicates, without .cu
   * @param build makes operands and ops on them; several are one program
   */
  public record Case(String name, String module, Function<Operands, List<Op>> build) {
    /**
     * Runs it on fresh operands.
     *
     * @param backend which runs it
     * @return the bytes of each output afterwards
     */
    public List<List<Byte>> run(Backend backend) {
      try (Operands operands = new Operands(backend, Placement.ALIGNED);
          Program program = backend.compile(build.apply(operands))) {
        program.run();
        return operands.outputs().stream().map(output -> boxed(output.bytes())).toList();
      }
    }

    @Override
    public String toString() {
      return module + ": " + name;
    }
  }

  private CommunicatingCases() {}

  /**
   * A case for each kernel that communicates.
   *
   * @return with four blocks or more where blocks communicate
   */
  public static List<Case> all() {
    return List.of(
        of("activation_backward", DenseCases.backward(70, 3, 140, Activation.TANH, false)),
        named("adam", "adam 10007 odd tail"),
        of("global_norm", OptimizerCases.norm("of five blocks", 5000, 1, 0)),
        named(
            "likelihood_composite",
            "likelihood composite:0=categorical:levels=3;1-4=multinomial:total=1;"
                + "5-20=gaussian-shared;21=poisson;22-40=gaussian-optimal;41-49=student-t:nu=3;"
                + "50-=gaussian-shared 5x2x60 OWN"),
        of("likelihood_gaussian_optimal", loss("gaussian-optimal")),
        of("likelihood_gaussian_shared", loss("gaussian-shared")),
        named("mmd_penalty", "mmdPenalty 33x5 step 9 spread 1.0 scale 10.0"),
        named("total_correlation", "totalCorrelation 9x3x65 of 91 ORDINARY"),
        named("triangular_map_backward", "triangularMapBackward 3x1x33, 2 layers all ORDINARY"),
        new Case("the end of a step", "update", CommunicatingCases::endOfStep));
  }

  /**
   * The largest of all cases of each op and likelihood whose work is below a limit.
   *
   * @param limit on the work
   * @return the cases
   */
  public static List<Case> largestOfTheTable(long limit) {
    return OpCases.all().stream()
        .filter(c -> c.work() < limit)
        .map(c -> SHAPE.matcher(c.name()).replaceAll(""))
        .distinct()
        .map(
            op ->
                OpCases.all().stream()
                    .filter(c -> c.work() < limit)
                    .filter(c -> SHAPE.matcher(c.name()).replaceAll("").equals(op))
                    .reduce((a, b) -> b.work() > a.work() ? b : a)
                    .orElseThrow())
        .map(c -> of("op cases", c))
        .toList();
  }

  private static OpCase loss(String likelihood) {
    return LossCases.drawn(Likelihoods.parse(likelihood), 70, 1, 33, LossCases.Gradient.OWN);
  }

  private static Case of(String module, OpCase opCase) {
    return new Case(opCase.name(), module, operands -> List.of(opCase.build().apply(operands)));
  }

  private static Case named(String module, String name) {
    return of(
        module,
        OpCases.all().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow());
  }

  private static List<Op> endOfStep(Operands operands) {
    int n = 5000;
    Bound bound = Bound.exact();
    Tensor gradients = operands.in("gradients", operands.normal(n));
    Tensor norm = operands.out("norm", DType.FLOAT64, bound, 1);
    Tensor status = operands.out("status", DType.FLOAT64, bound, 1);
    double[] ring = new double[3 * RecordMetrics.WIDTH];
    Arrays.fill(ring, -7);
    Control control = operands.control(7, 0, 0, 1e-3, 1);
    return List.of(
        new GlobalNorm(gradients, norm),
        new RecordMetrics(
            operands.in("nll", operands.uniform(37, 80, 120), 37, 1),
            operands.in("kl", operands.uniform(37, 0, 30)),
            null,
            null,
            norm,
            operands.inOut("ring", ring, bound, 3, RecordMetrics.WIDTH),
            status,
            control,
            1e9),
        new AdamUpdate(
            operands.inOut("parameters", operands.normal(n), bound),
            gradients,
            operands.inOut("m", operands.uniform(n, -0.1, 0.1), bound),
            operands.inOut("v", operands.uniform(n, 0, 0.1), bound),
            null,
            norm,
            status,
            operands.inOut("state", new double[] {3, 2, 1}, bound),
            control,
            0.9,
            0.999,
            1e-8,
            0.01,
            true,
            0.5,
            0));
  }

  private static List<Byte> boxed(byte[] bytes) {
    List<Byte> list = new ArrayList<>(bytes.length);
    for (byte b : bytes) {
      list.add(b);
    }
    return list;
  }
}
