// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.cudasim.CudaSim;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A program of one launch has no graph; several launches are a graph, and several runs another. */
@Tag("cuda")
@Tag("cudasim")
@ExtendWith(EmulatedDevice.class)
final class ProgramTest {
  private static final int ROWS = 40;

  private final Backend backend = CudaBackend.open(Precision.FP32);
  private final Arena arena = new Arena();
  private final Tensor source = backend.tensor(arena, ROWS, 1);
  private final Tensor row = backend.tensor(arena, 1, 1);
  private final Tensor sum = backend.tensor(arena, 1, 1);
  private final Control control = control();
  private final Gather gather = new Gather(source, row, null, control, 1, false, false, 1);
  private final Add add = new Add(row, sum);

  @BeforeEach
  void fill() {
    float[] values = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      values[i] = 1 << i % 20;
    }
    source.write(values);
  }

  @AfterEach
  void close() {
    arena.close();
    backend.close();
  }

  private Control control() {
    return new Control(
        arena.own(backend.allocate(DType.FLOAT64, CudaProgram.RUNS * Control.LENGTH)));
  }

  @Test
  void oneLaunchHasNoGraph() {
    Program program = arena.own(backend.compile(List.of(add)));
    row.write(new float[] {3});
    CudaSim.resetCounts();
    program.run();
    assertEquals(1, program.runsPerCall());
    assertEquals(0, CudaSim.profile().get("graphLaunches").asInt());
    assertArrayEquals(new float[] {3}, sum.toFloats());
  }

  @Test
  void runsInARowAreOneLaunchAndEachReadsItsBlock() {
    Program program = arena.own(backend.compile(List.of(gather, add)));
    assertEquals(CudaProgram.RUNS, program.runsPerCall());
    for (int block = 0; block < CudaProgram.RUNS; block++) {
      control.set(block, Control.POSITION, 2 * block);
    }
    program.run(control, CudaProgram.RUNS);
    CudaSim.resetCounts();
    program.run(control, CudaProgram.RUNS);
    assertEquals(1, CudaSim.profile().get("graphLaunches").asInt());
    // Bits 0, 2, ... 14, from two calls.
    assertArrayEquals(new float[] {2 * 0x5555}, sum.toFloats());
    CudaSim.resetCounts();
    program.run(control, 3);
    assertEquals(3, CudaSim.profile().get("graphLaunches").asInt());
    assertArrayEquals(new float[] {2 * 0x5555 + 0b10101}, sum.toFloats());
  }

  @Test
  void anotherControlThanThatOfTheOpsIsRefused() {
    Program program = arena.own(backend.compile(List.of(gather, add)));
    Control other = control();
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> program.run(other, CudaProgram.RUNS))
                .getMessage());
    assertTrue(message.startsWith("run: control: expected the one that the program's"), message);
  }
}
