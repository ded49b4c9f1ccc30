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
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.Replay;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Fill;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.likelihood.Block;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.random.Permutation;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the op table does not say of the cpu backend. */
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
        PreparedOp op =
            backend.gather(
                new Gather(
                    source, null, out, control, rows, columns, rows, 1, false, true, SEED))) {
      source.write(values);
      op.run();
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
        PreparedOp op =
            backend.gather(
                new Gather(source, null, out, control, rows, 1, rows, 1, true, false, SEED))) {
      source.write(numbers);
      op.run();
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
          PreparedOp op =
              backend.gather(
                  new Gather(
                      source, null, out, control, rows, columns, rows, 0.5f, false, false, 0))) {
        source.write(tiny);
        op.run();
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
        PreparedOp op = backend.fill(new Fill(buffer, 1));
        Replay replay = backend.record(List.of(op, op));
        Buffer block = backend.allocate(DType.FLOAT64, Control.LENGTH)) {
      Control control = new Control(block);
      long allocated = 0;
      // The first calls compile and link; a later one shows what a step costs.
      for (int i = 0; i < 20_000; i++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        control.set(Control.STEP, i).upload();
        op.run();
        replay.run();
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

  @Test
  void closedThingsAreRefused() {
    Backend backend = open();
    Buffer buffer = backend.allocate(DType.FLOAT32, 4);
    PreparedOp op = backend.fill(new Fill(buffer, 1));
    PreparedOp closedOp = backend.fill(new Fill(buffer, 1));
    closedOp.close();
    assertThrows(IllegalStateException.class, closedOp::run);
    assertThrows(IllegalStateException.class, () -> backend.record(List.of(closedOp)));
    buffer.close();
    assertThrows(IllegalStateException.class, buffer::toFloats);
    backend.close();
    backend.close();
    assertThrows(IllegalStateException.class, op::run);
    op.close();
    assertThrows(IllegalStateException.class, () -> backend.allocate(DType.FLOAT32, 1));
    assertThrows(IllegalStateException.class, backend::synchronize);
  }

  @Test
  void anotherBackendsThingsAreRefused() {
    try (Backend backend = open();
        Backend reference = new ReferenceBackend();
        Buffer foreign = reference.allocate(DType.FLOAT32, 4);
        PreparedOp foreignOp = reference.fill(new Fill(foreign, 1))) {
      assertThrows(
          IllegalArgumentException.class, () -> backend.fill(new Fill(foreign, 1)).close());
      assertThrows(IllegalArgumentException.class, () -> backend.record(List.of(foreignOp)));
      try (Backend other = open();
          Buffer buffer = other.allocate(DType.FLOAT32, 4);
          PreparedOp op = other.fill(new Fill(buffer, 1))) {
        IllegalArgumentException e =
            assertThrows(IllegalArgumentException.class, () -> backend.record(List.of(op)));
        assertEquals("sequence: ops: expected ops of one context, given op 0", e.getMessage());
      }
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
      try (PreparedOp op =
          backend.gather(new Gather(source, null, out, control, 3, 2, 2, 1, false, false, SEED))) {
        IllegalStateException e = assertThrows(IllegalStateException.class, op::run);
        assertEquals("gather: expected position + batch of 3 or less, given 2 + 2", e.getMessage());
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
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
    try (Backend backend = open();
        Buffer buffer = backend.allocate(DType.FLOAT32, 4)) {
      LikelihoodLoss loss = new LikelihoodLoss(strange, buffer, buffer, buffer, null, 1, 1, 4, 1);
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> backend.likelihood(loss));
      String message = String.valueOf(e.getMessage());
      assertTrue(message.startsWith("likelihood: name: expected one of bernoulli, "), message);
      assertTrue(message.endsWith(", given cauchy"), message);
    }
  }

  /** Every registered likelihood has its loops. */
  @Test
  void allLikelihoodsHaveLoops() {
    try (Backend backend = open();
        Buffer parameters = backend.allocate(DType.FLOAT32, 4096);
        Buffer x = backend.allocate(DType.FLOAT32, 2);
        Buffer nll = backend.allocate(DType.FLOAT32, 1)) {
      for (Likelihoods.Entry entry : Likelihoods.entries()) {
        Likelihood likelihood = entry.standard();
        int shared = likelihood.shared(2);
        try (PreparedOp op =
            backend.likelihood(
                new LikelihoodLoss(
                    likelihood,
                    parameters.slice(0, likelihood.parameters(2)),
                    shared == 0 ? null : parameters.slice(4000, shared),
                    x,
                    null,
                    null,
                    nll,
                    null,
                    null,
                    1,
                    1,
                    2,
                    1))) {
          op.run();
        }
        assertTrue(Float.isFinite(nll.toFloats()[0]), entry.name());
      }
    }
  }
}
