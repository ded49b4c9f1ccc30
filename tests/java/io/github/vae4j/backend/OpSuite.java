// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.vae4j.backend.cuda.EmulatedDevice;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.opentest4j.TestAbortedException;

/**
 * The requirements on every backend. The test of a backend extends this class with a constructor of
 * one line.
 *
 * <p>Each of the {@link OpCases} runs on tensors of each {@link Placement}. It must give the
 * reference's numbers within the tolerance, NaN and infinities in the same places; not change
 * inputs and the sentinels around every tensor; and give the same bits in a second run and in a
 * program with other ops. On a machine that lacks a library which only some ops need, their cases
 * are aborted with the backend's message.
 */
@TestInstance(TestInstance.Lifecycle.PER_METHOD)
public abstract class OpSuite {
  /**
   * A regular expression of whole names: those cases are skipped. After a case that ended the
   * device's context, the rest runs in a new process without it.
   */
  static final String SKIP_PROPERTY = "vae4j.ops.skip";

  private static final float SMALLEST_NORMAL = Float.MIN_NORMAL;

  /** From so much work on, a case's only second run is that in a longer program. */
  private static final long LONG = 1_000_000;

  private final Supplier<Backend> opener;
  private final Tolerance tolerance;
  private final Predicate<OpCase> cases;
  private final Backend reference = new ReferenceBackend();
  private Backend backend;

  /**
   * The suite for a backend.
   *
   * @param opener opens it
   * @param tolerance how exact it is
   * @param cases which cases it has the time for
   */
  protected OpSuite(Supplier<Backend> opener, Tolerance tolerance, Predicate<OpCase> cases) {
    this.opener = opener;
    this.tolerance = tolerance;
    this.cases = cases;
  }

  /**
   * The suite for a backend, with all cases.
   *
   * @param opener opens it
   * @param tolerance how exact it is
   */
  protected OpSuite(Supplier<Backend> opener, Tolerance tolerance) {
    this(opener, tolerance, opCase -> true);
  }

  @BeforeEach
  final void open() {
    backend = opener.get();
  }

  @AfterEach
  final void nothingIsLeftOpen() {
    int open = backend.open();
    backend.close();
    reference.close();
    assertEquals(0, open, "native objects left open");
  }

  @TestFactory
  final Stream<DynamicTest> matchesTheReference() {
    return OpCases.all().stream()
        .filter(cases)
        .map(opCase -> DynamicTest.dynamicTest(opCase.name(), () -> compareUnlessSkipped(opCase)));
  }

  private void compareUnlessSkipped(OpCase opCase) {
    String skip = System.getProperty(SKIP_PROPERTY, "");
    if (!skip.isEmpty() && opCase.name().matches(skip)) {
      throw new TestAbortedException("skipped: its name matches " + SKIP_PROPERTY + "=" + skip);
    }
    try {
      compare(opCase);
    } catch (BackendUnavailableException e) {
      if (EmulatedDevice.used()) {
        throw e;
      }
      throw new TestAbortedException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Compares one case, for a test of the suite itself.
   *
   * @param opCase the op and its operands
   */
  public final void check(OpCase opCase) {
    open();
    try {
      compare(opCase);
    } finally {
      backend.close();
      reference.close();
    }
  }

  private void compare(OpCase opCase) {
    Draws draws = new Draws();
    List<Operands.Output> want;
    try (Operands operands = new Operands(reference, Placement.ALIGNED, draws);
        Program program = reference.compile(List.of(opCase.build().apply(operands)))) {
      program.run();
      want = operands.outputs();
    }
    for (Placement placement : Placement.values()) {
      if (placement != Placement.EXACT || EmulatedDevice.used()) {
        compare(opCase, placement, draws, want);
      }
    }
  }

  private void compare(
      OpCase opCase, Placement placement, Draws draws, List<Operands.Output> want) {
    String where = opCase.name() + ", " + placement + ": ";
    try (Operands operands = new Operands(backend, placement, draws)) {
      Op op = opCase.build().apply(operands);
      List<Operands.Output> got;
      try (Program program = backend.compile(List.of(op))) {
        program.run();
        got = operands.outputs();
        for (int i = 0; i < want.size(); i++) {
          assertClose(where, want.get(i), got.get(i));
        }
        assertEquals(List.of(), operands.damage(), where);
        if (placement == Placement.ALIGNED && opCase.work() < LONG) {
          operands.reset();
          program.run();
          assertSameBits(where + "second run", got, operands.outputs());
        }
      }
      if (placement == Placement.ALIGNED || placement == Placement.ONE_OFF) {
        operands.reset();
        runAfterAnother(op);
        assertSameBits(where + "longer program", got, operands.outputs());
        assertEquals(List.of(), operands.damage(), where);
      }
    }
  }

  private void runAfterAnother(Op op) {
    try (Arena arena = new Arena();
        Program program =
            backend.compile(
                List.of(new Copy(backend.tensor(arena, 1), backend.tensor(arena, 1)), op))) {
      program.run();
    }
  }

  private void assertClose(String where, Operands.Output want, Operands.Output got) {
    for (int i = 0; i < want.values().length; i++) {
      double expected = want.values()[i];
      double given = got.values()[i];
      boolean close =
          Double.isFinite(expected)
              ? Math.abs(given - expected)
                  <= want.bound().allowed(i, expected, tolerance) + SMALLEST_NORMAL
              : want.bound().takes(expected, given, tolerance);
      if (!close) {
        double allowed =
            Double.isFinite(expected) ? want.bound().allowed(i, expected, tolerance) : 0;
        throw new AssertionError(
            where
                + want.name()
                + "["
                + i
                + "]: expected "
                + expected
                + " +- "
                + allowed
                + ", given "
                + given
                + ", off by "
                + Math.abs(given - expected));
      }
    }
  }

  private static void assertSameBits(
      String when, List<Operands.Output> first, List<Operands.Output> again) {
    for (int i = 0; i < first.size(); i++) {
      assertArrayEquals(
          first.get(i).bytes(), again.get(i).bytes(), when + " of " + first.get(i).name());
    }
  }

  @Test
  final void memoryStartsAsZerosAndIsAligned() {
    for (DType type : DType.values()) {
      try (Buffer buffer = backend.allocate(type, 1001)) {
        assertEquals(0, buffer.address() % 64, "address of " + type);
        byte[] bytes = new byte[1001 * type.bytes()];
        ByteBuffer host = ByteBuffer.allocateDirect(bytes.length);
        buffer.memory().read(0, host);
        host.flip().get(bytes);
        assertArrayEquals(new byte[bytes.length], bytes);
      }
    }
  }

  @Test
  final void memoryKeepsWhatIsWritten() {
    int length = 300_001;
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = i;
    }
    try (Buffer buffer = backend.allocate(DType.FLOAT32, length + 5L)) {
      Buffer view = buffer.slice(5, length);
      view.write(values);
      assertArrayEquals(values, view.toFloats());
      assertArrayEquals(new float[] {0, 0, 0, 0, 0}, buffer.slice(0, 5).toFloats());
    }
  }

  @Test
  final void readingOutsideOfMemoryFails() {
    try (Buffer buffer = backend.allocate(DType.UINT8, 64)) {
      ByteBuffer host = ByteBuffer.allocateDirect(16);
      assertThrows(IndexOutOfBoundsException.class, () -> buffer.memory().read(49, host));
      assertThrows(IndexOutOfBoundsException.class, () -> buffer.memory().write(-1, host));
    }
  }

  @Test
  final void aStepRunsItsOpsInOrder() {
    try (Arena arena = new Arena()) {
      Buffer source = arena.own(backend.allocate(DType.FLOAT32, 6));
      Buffer target = arena.own(backend.allocate(DType.FLOAT32, 3));
      source.write(new float[] {1, 1, 1, 2, 2, 3});
      Program step =
          arena.own(
              backend.compile(
                  List.of(
                      copy(source, 0, target, 0, 3),
                      copy(source, 3, target, 1, 2),
                      copy(source, 5, target, 2, 1))));
      for (int time = 0; time < 3; time++) {
        target.write(new float[3]);
        step.run();
        backend.synchronize();
        assertArrayEquals(new float[] {1, 2, 3}, target.toFloats());
      }
    }
  }

  private static Op copy(Buffer source, int from, Buffer target, int to, int count) {
    return new Copy(
        new Tensor(source.slice(from, count), count), new Tensor(target.slice(to, count), count));
  }

  @Test
  final void closingTwiceIsClosingOnce() {
    Buffer buffer = backend.allocate(DType.FLOAT32, 6);
    Program program = backend.compile(List.of(copy(buffer, 0, buffer, 3, 3)));
    assertNotEquals(0, backend.open());
    program.close();
    program.close();
    buffer.close();
    buffer.close();
    assertEquals(0, backend.open());
    assertThrows(IllegalStateException.class, buffer::address);
  }

  @Test
  final void itSaysWhatItIs() {
    assertEquals(backend.name(), backend.name().toLowerCase(Locale.ROOT));
    assertNotEquals("", backend.description());
  }
}
