// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.vae4j.VaeException;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.random.Permutation;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Properties of the cpu backend that the op table does not test. */
final class CpuBackendTest {
  private static final long SEED = 0x9E3779B97F4A7C15L;

  private static Backend open() {
    return CpuBackend.open(2, Precision.FP32);
  }

  private static Control control(Backend backend, long step, long epoch) {
    Control control = new Control(backend.allocate(DType.FLOAT64, Control.LENGTH));
    control.set(Control.STEP, (double) step).set(Control.EPOCH, (double) epoch).upload();
    return control;
  }

  @Test
  void itIsOnTheLadder() {
    try (Backend backend =
        Backends.open(new BackendOptions(BackendOptions.Kind.CPU, 1, Precision.BF16))) {
      assertEquals("cpu", backend.name());
      String text = backend.description();
      assertTrue(text.contains("1 thread,") && text.contains("bf16"), text);
      assertTrue(text.contains("oneDNN 3."), text);
    }
  }

  @Test
  void zeroThreadsAreAllCores() {
    int cores = Runtime.getRuntime().availableProcessors();
    try (Backend backend = CpuBackend.open(0, Precision.FP32)) {
      assertTrue(backend.description().contains(", " + cores + " thread"), backend.description());
    }
    assertThrows(IllegalArgumentException.class, () -> CpuBackend.open(-1, Precision.FP32));
  }

  @Test
  void instructionSetsAreChosenByName() throws IOException {
    for (String isa : Isa.names()) {
      try (Backend backend = CpuBackend.open(1, Precision.FP32, isa)) {
        assertTrue(backend.description().startsWith(isa + ","), backend.description());
      }
    }
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> CpuBackend.open(1, Precision.FP32, "sse9"));
    assertEquals("context: isa: expected avx512, avx2 or baseline, given sse9", e.getMessage());
  }

  /** With threshold u the draw u is not below, with the next multiple of 2^-24 it is. */
  @Test
  void drawsAreThoseOfPhilox() throws IOException {
    int columns = 1237;
    int rows = 3;
    long step = (1L << 40) + 77;
    float[] u = new float[rows * columns];
    float[] above = new float[u.length];
    for (int i = 0; i < u.length; i++) {
      u[i] = (float) Philox.uniform(SEED, Stream.BINARIZE, step, i / columns, i % columns);
      above[i] = u[i] + 0x1p-24f;
    }
    for (String isa : Isa.names()) {
      try (Backend backend = CpuBackend.open(2, Precision.FP32, isa)) {
        assertArrayEquals(new float[u.length], binarized(backend, u, columns, step), isa);
        float[] ones = new float[u.length];
        Arrays.fill(ones, 1);
        assertArrayEquals(ones, binarized(backend, above, columns, step), isa);
        assertEquals(0, backend.open());
      }
    }
  }

  private static float[] binarized(Backend backend, float[] values, int columns, long step) {
    int rows = values.length / columns;
    Control control = control(backend, step, 0);
    try (Buffer held = control.buffer();
        Buffer source = backend.allocate(DType.FLOAT32, values.length);
        Buffer out = backend.allocate(DType.FLOAT32, values.length);
        Program program =
            backend.compile(
                List.of(
                    new Gather(
                        new Tensor(source, rows, columns),
                        new Tensor(out, rows, columns),
                        null,
                        control,
                        1,
                        false,
                        true,
                        SEED)))) {
      source.write(values);
      program.run();
      assertEquals(held.length(), Control.LENGTH);
      return out.toFloats();
    }
  }

  @Test
  void orderIsThatOfPermutation() throws IOException {
    for (String isa : Isa.names()) {
      try (Backend backend = CpuBackend.open(1, Precision.FP32, isa)) {
        for (int rows : new int[] {1, 2, 3, 4, 5, 16, 17, 1000, 65_537}) {
          for (long epoch : new long[] {0, 1, 1L << 33}) {
            assertOrder(backend, rows, epoch);
          }
        }
        assertEquals(0, backend.open());
      }
    }
  }

  private static void assertOrder(Backend backend, int rows, long epoch) {
    float[] numbers = new float[rows];
    float[] expected = new float[rows];
    Permutation permutation = new Permutation(SEED, epoch, rows);
    for (int i = 0; i < rows; i++) {
      numbers[i] = i;
      expected[i] = permutation.at(i);
    }
    Control control = control(backend, 0, epoch);
    try (Buffer held = control.buffer();
        Buffer source = backend.allocate(DType.FLOAT32, rows);
        Buffer out = backend.allocate(DType.FLOAT32, rows);
        Program program =
            backend.compile(
                List.of(
                    new Gather(
                        new Tensor(source, rows, 1),
                        new Tensor(out, rows, 1),
                        null,
                        control,
                        1,
                        true,
                        false,
                        SEED)))) {
      source.write(numbers);
      program.run();
      assertArrayEquals(expected, out.toFloats(), rows + " rows, epoch " + epoch);
      assertEquals(held.length(), Control.LENGTH);
    }
  }

  /** Denormals are flushed in all native threads; Java's own arithmetic keeps them. */
  @Test
  void denormalsAreFlushedThereAndNotHere() {
    int rows = 64;
    int columns = 1024;
    float[] tiny = new float[rows * columns];
    Arrays.fill(tiny, Float.MIN_NORMAL);
    try (Backend backend = open()) {
      Control control = control(backend, 0, 0);
      try (Buffer held = control.buffer();
          Buffer source = backend.allocate(DType.FLOAT32, tiny.length);
          Buffer out = backend.allocate(DType.FLOAT32, tiny.length);
          Program program =
              backend.compile(
                  List.of(
                      new Gather(
                          new Tensor(source, rows, columns),
                          new Tensor(out, rows, columns),
                          null,
                          control,
                          0.5f,
                          false,
                          false,
                          0)))) {
        source.write(tiny);
        program.run();
        assertArrayEquals(new float[tiny.length], out.toFloats());
        assertNotEquals(0f, tiny[0] * 0.5f);
        assertEquals(held.length(), Control.LENGTH);
      }
    }
  }

  @Test
  void aRunAllocatesNothingInJava() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Backend backend = open();
        Buffer buffer = backend.allocate(DType.FLOAT32, 100);
        Buffer other = backend.allocate(DType.FLOAT32, 100);
        Program one = backend.compile(List.of(add(buffer, other)));
        Program two = backend.compile(List.of(add(buffer, other), add(other, buffer)));
        Buffer block = backend.allocate(DType.FLOAT64, Control.LENGTH)) {
      Control control = new Control(block);
      long allocated = 0;
      // The first calls compile and link; a later one has the cost of a step.
      for (int i = 0; i < 20_000; i++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        control.set(Control.STEP, i).upload();
        one.run();
        two.run();
        allocated = threads.getCurrentThreadAllocatedBytes() - before;
      }
      assertEquals(0, allocated);
    }
  }

  @Test
  void memoryCopiesFromAndToAnyPosition() {
    try (Backend backend = open();
        Buffer buffer = backend.allocate(DType.UINT8, 8)) {
      ByteBuffer host = ByteBuffer.allocateDirect(8);
      host.put(new byte[] {0, 1, 2, 3, 4, 5, 6, 7}).position(2).limit(5);
      buffer.memory().write(1, host);
      assertEquals(0, host.remaining());
      ByteBuffer back = ByteBuffer.allocateDirect(8).position(3);
      buffer.memory().read(0, back);
      byte[] read = new byte[8];
      back.clear().get(read);
      assertArrayEquals(new byte[] {0, 0, 0, 0, 2, 3, 4, 0}, read);
      assertThrows(
          IllegalArgumentException.class,
          () -> buffer.memory().write(0, ByteBuffer.wrap(new byte[3])));
    }
  }

  private static Add add(Buffer source, Buffer target) {
    int length = Math.toIntExact(source.length());
    return new Add(new Tensor(source, length), new Tensor(target, length));
  }

  @Test
  void closedThingsAreRefused() {
    Backend backend = open();
    Buffer source = backend.allocate(DType.FLOAT32, 4);
    Buffer target = backend.allocate(DType.FLOAT32, 4);
    Add add = add(source, target);
    Program program = backend.compile(List.of(add));
    Program closed = backend.compile(List.of(add));
    closed.close();
    closed.close();
    assertEquals("add, closed", closed.toString());
    IllegalStateException e = assertThrows(IllegalStateException.class, closed::run);
    assertEquals("add was closed", e.getMessage());
    source.close();
    assertThrows(IllegalStateException.class, source::toFloats);
    assertThrows(IllegalStateException.class, () -> backend.compile(List.of(add)));
    target.close();
    backend.close();
    backend.close();
    assertThrows(IllegalStateException.class, program::run);
    assertThrows(IllegalStateException.class, () -> backend.compile(List.of(add)));
    program.close();
    assertEquals(0, backend.open());
    assertThrows(IllegalStateException.class, () -> backend.allocate(DType.FLOAT32, 1));
    assertThrows(IllegalStateException.class, backend::synchronize);
  }

  @Test
  void anotherBackendsThingsAreRefused() {
    try (Backend backend = open();
        Backend reference = new ReferenceBackend();
        Buffer own = backend.allocate(DType.FLOAT32, 4);
        Buffer other = backend.allocate(DType.FLOAT32, 4);
        Buffer foreign = reference.allocate(DType.FLOAT32, 4)) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> backend.compile(List.of(add(own, other), add(foreign, own))));
      assertEquals(
          "add: cpu backend: expected a buffer that it allocated, given Buffer[FLOAT32 x 4]",
          e.getMessage());
      assertEquals(2, backend.open());
    }
  }

  @Test
  void aProgramHasAnOp() {
    try (Backend backend = open()) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> backend.compile(List.of()));
      assertEquals("compile: ops: expected 1 op or more, given none", e.getMessage());
      assertEquals(0, backend.open());
    }
  }

  @Test
  void aBatchBeyondTheDataIsRefused() {
    try (Backend backend = open();
        Buffer block = backend.allocate(DType.FLOAT64, Control.LENGTH);
        Buffer source = backend.allocate(DType.UINT8, 6);
        Buffer out = backend.allocate(DType.FLOAT32, 4)) {
      Control control = new Control(block).set(Control.POSITION, 2);
      control.upload();
      Gather gather =
          new Gather(
              new Tensor(source, 3, 2),
              new Tensor(out, 2, 2),
              null,
              control,
              1,
              false,
              false,
              SEED);
      try (Program program = backend.compile(List.of(gather))) {
        IllegalStateException e = assertThrows(IllegalStateException.class, program::run);
        assertEquals("gather: expected position + batch of 3 or less, given 2 + 2", e.getMessage());
        control.set(Control.POSITION, Double.NaN).upload();
        e = assertThrows(IllegalStateException.class, program::run);
        assertEquals(
            "gather: expected position + batch of 3 or less, given nan + 2", e.getMessage());
      }
    }
  }

  @Test
  void memoryThatIsNotThereIsAClearError() {
    try (Backend backend = open()) {
      VaeException e =
          assertThrows(VaeException.class, () -> backend.allocate(DType.FLOAT32, 1L << 50));
      assertTrue(e.toString().contains("out of memory; lower the batch size"), e.toString());
      assertEquals(0, backend.open());
    }
  }
}
