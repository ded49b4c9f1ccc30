// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.OpCase;
import io.github.vae4j.backend.OpCases;
import io.github.vae4j.backend.Operands;
import io.github.vae4j.backend.Placement;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.cuda.driver.KernelBuild;
import io.github.vae4j.backend.cuda.driver.KernelSources;
import io.github.vae4j.backend.cuda.driver.Launched;
import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.RecordMetrics;
import io.github.vae4j.cudasim.CudaSim;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The arguments of each launch have the number and the sizes of the parameters in the kernel's PTX.
 * The driver cannot check that: it copies as many bytes as each parameter has from the address of
 * the argument.
 */
@Tag("cuda")
@ExtendWith(EmulatedDevice.class)
final class LaunchArgumentsTest {
  private static final int SLOT = 8;

  private static final Pattern ENTRY = Pattern.compile("\\.entry (\\w+)\\(([^)]*)\\)");

  /** The type of a scalar; for a struct the type and number of its elements. */
  private static final Pattern PARAMETER =
      Pattern.compile("\\.param (?:\\.align \\d+ )?\\.[a-z](\\d+) \\w+(?:\\[(\\d+)\\])?");

  private final CudaBackend backend = CudaBackend.open(Precision.FP32);
  private final Map<String, List<Integer>> parameters = parameters();
  private final Set<String> launched = new HashSet<>();

  LaunchArgumentsTest() throws IOException {}

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void everyLaunchHasTheArgumentsOfItsKernel() {
    for (OpCase opCase : OpCases.all()) {
      // Some kernels replace an epilogue that needs aligned operands.
      for (Placement placement : List.of(Placement.ALIGNED, Placement.ONE_OFF)) {
        try (Operands operands = new Operands(backend, placement)) {
          check(List.of(opCase.build().apply(operands)));
        }
      }
    }
    theFusedUpdate();
    Set<String> expected = new HashSet<>(parameters.keySet());
    if (EmulatedDevice.used()) {
      theProductThatCublasLtDoesNotHave();
    } else {
      expected.remove("matmul");
    }
    assertEquals(expected, launched, "kernels that some op launches");
  }

  private void theProductThatCublasLtDoesNotHave() {
    CudaSim.setSwitches("lt.refuse=empty,lt.refuse.of=all");
    try (Arena arena = new Arena()) {
      check(
          List.of(
              new Dense(
                  backend.tensor(arena, 3, 5),
                  backend.tensor(arena, 5, 4),
                  backend.tensor(arena, 4),
                  null,
                  backend.tensor(arena, 3, 4),
                  Activation.RELU)));
    } finally {
      CudaSim.setSwitches("");
    }
  }

  private void theFusedUpdate() {
    try (Arena arena = new Arena()) {
      Tensor gradients = backend.tensor(arena, 1);
      Tensor norm = doubles(arena, 1);
      Tensor status = doubles(arena, 1);
      Control control = new Control(doubles(arena, Control.LENGTH).buffer());
      Tensor row = backend.tensor(arena, 1);
      Tensor ring = doubles(arena, 1, RecordMetrics.WIDTH);
      check(
          List.of(
              new GlobalNorm(gradients, norm),
              new RecordMetrics(row.as(1, 1), row, null, null, norm, ring, status, control, 1e9),
              new AdamUpdate(
                  backend.tensor(arena, 1),
                  gradients,
                  backend.tensor(arena, 1),
                  backend.tensor(arena, 1),
                  null,
                  norm,
                  status,
                  doubles(arena, 3),
                  control,
                  0.9,
                  0.999,
                  1e-8,
                  0,
                  false,
                  1,
                  0)));
    }
  }

  private void check(List<Op> ops) {
    try (Program program = backend.compile(ops)) {
      Launched.among(((CudaProgram) program).steps()).forEach(this::check);
    }
  }

  private void check(Launched launch) {
    List<Integer> expected = parameters.get(launch.kernel());
    assertNotNull(expected, launch.kernel());
    assertEquals(expected, launch.argumentSizes(), "bytes of " + launch.kernel());
    launched.add(launch.kernel());
  }

  /** The sizes of each kernel's parameters in bytes, rounded up to slots. */
  private static Map<String, List<Integer>> parameters() throws IOException {
    Map<String, List<Integer>> parameters = new HashMap<>();
    for (String module : KernelBuild.modules()) {
      byte[] image = KernelSources.image("ptx/" + module + ".ptx");
      assertNotNull(image, module);
      Matcher entry = ENTRY.matcher(new String(image, StandardCharsets.US_ASCII));
      while (entry.find()) {
        List<Integer> sizes = new ArrayList<>();
        Matcher each = PARAMETER.matcher(entry.group(2));
        while (each.find()) {
          int bytes = Integer.parseInt(each.group(1)) / 8;
          int count = each.group(2) == null ? 1 : Integer.parseInt(each.group(2));
          sizes.add((bytes * count + SLOT - 1) / SLOT * SLOT);
        }
        assertNotEquals(0, sizes.size(), entry.group(1));
        parameters.put(entry.group(1), sizes);
      }
    }
    return parameters;
  }

  private Tensor doubles(Arena arena, int... dims) {
    return new Tensor(arena.own(backend.allocate(DType.FLOAT64, Tensor.elements(dims))), dims);
  }
}
