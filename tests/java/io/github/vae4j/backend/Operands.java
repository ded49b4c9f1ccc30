// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * The tensors of a case on a backend. Each is in a larger allocation, between sentinels that the op
 * must not read or change, or alone in an allocation of its own size. The initial values of outputs
 * are garbage; inputs must not change. Data depend only on the seed and the order of the calls, so
 * that they are the same for two backends.
 *
 * <p>Sentinels and garbage of floats are NaN, so that a sum which reads one becomes NaN.
 */
public final class Operands implements AutoCloseable {
  /**
   * The value of the sentinels before and after the first tensor, and of the tensor before it is
   * written: this byte, or a NaN with it in its payload. Each further tensor has the next number,
   * so that a copy of too many elements is detected.
   */
  private static final int GARBAGE = 0xA5;

  private static final int FLOAT_NAN = 0x7FC00000;
  private static final long DOUBLE_NAN = 0x7FF8000000000000L;

  private static final int GUARD_BYTES = 64;

  private final Arena arena = new Arena();
  private final List<Operand> operands = new ArrayList<>();
  private final Backend backend;
  private final Placement placement;
  private final Draws draws;
  private int asked;
  private int drawn;

  /** A tensor: its allocation, its initial bytes and the bound of its error. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Operand(
      String name, Buffer whole, Buffer buffer, byte[] start, boolean output, Bound bound) {
    int guard() {
      return Math.toIntExact(buffer.byteOffset() - whole.byteOffset());
    }

    int end() {
      return guard() + Math.toIntExact(buffer.length()) * buffer.type().bytes();
    }
  }

  /**
   * An output after a run.
   *
   * @param name the operand's name
   * @param bytes its content
   * @param values the same as numbers
   * @param bound how exact they must be
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Output(String name, byte[] bytes, double[] values, Bound bound) {}

  /**
   * Tensors for one case.
   *
   * @param backend whose memory they lie in
   * @param placement how they lie there
   */
  public Operands(Backend backend, Placement placement) {
    this(backend, placement, new Draws());
  }

  /** Tensors for one case that has other ones, with the same draws. */
  Operands(Backend backend, Placement placement, Draws draws) {
    this.backend = backend;
    this.placement = placement;
    this.draws = draws;
  }

  /** Standard normal values. */
  float[] normal(int count) {
    int draw = ++drawn;
    Supplier<float[]> values =
        () -> {
          float[] normal = new float[count];
          for (int i = 0; i < count; i++) {
            normal[i] = (float) Philox.normal(17, Stream.INITIALIZE, draw, 0, i);
          }
          return normal;
        };
    return once(values).clone();
  }

  /** Uniform values. */
  float[] uniform(int count, double least, double most) {
    int draw = ++drawn;
    Supplier<float[]> values =
        () -> {
          float[] uniform = new float[count];
          for (int i = 0; i < count; i++) {
            double u = Philox.uniform(17, Stream.INITIALIZE, draw, 0, i);
            uniform[i] = (float) (least + (most - least) * u);
          }
          return uniform;
        };
    return once(values).clone();
  }

  /** All byte values, in no order. */
  byte[] bytes(int count) {
    int draw = ++drawn;
    byte[] values = new byte[count];
    for (int i = 0; i < count; i++) {
      values[i] = (byte) Philox.word(17, Stream.INITIALIZE, draw, 0, i);
    }
    return values;
  }

  /** A value that depends on the case alone, computed once for all its operands. */
  <T> T once(Supplier<T> value) {
    return draws.get(asked++, value);
  }

  /**
   * The shape of a matrix whose rows may have any number of dimensions: two, where their number is
   * even, so that a backend that takes the first for all of them is seen.
   */
  static int[] matrix(int rows, int columns) {
    return rows % 2 == 0 ? new int[] {2, rows / 2, columns} : new int[] {rows, columns};
  }

  /** The shape of one value for each row of a {@link #matrix}. */
  static int[] vector(int rows) {
    return rows % 2 == 0 ? new int[] {2, rows / 2} : new int[] {rows};
  }

  /** An input; without sizes, of one dimension. */
  Tensor in(String name, float[] values, int... dims) {
    return add(name, DType.FLOAT32, raw(values), false, Bound.exact(), dims);
  }

  /** An input; without sizes, of one dimension. */
  Tensor in(String name, double[] values, int... dims) {
    return add(name, DType.FLOAT64, raw(values), false, Bound.exact(), dims);
  }

  /** An input; without sizes, of one dimension. */
  Tensor in(String name, byte[] values, int... dims) {
    return add(name, DType.UINT8, values, false, Bound.exact(), dims);
  }

  /** An operand of a forward op that its backward op neither reads nor writes: garbage. */
  Tensor unused(String name, int... dims) {
    byte[] content = garbage(DType.FLOAT32, Tensor.elements(dims));
    return add(name, DType.FLOAT32, content, false, Bound.exact(), dims);
  }

  /** A FLOAT32 output. */
  Tensor out(String name, Bound bound, int... dims) {
    return out(name, DType.FLOAT32, bound, dims);
  }

  /** An output. */
  Tensor out(String name, DType type, Bound bound, int... dims) {
    return add(name, type, garbage(type, Tensor.elements(dims)), true, bound, dims);
  }

  /** An output that is read first; without sizes, of one dimension. */
  Tensor inOut(String name, float[] values, Bound bound, int... dims) {
    return add(name, DType.FLOAT32, raw(values), true, bound, dims);
  }

  /** An output that is read first; without sizes, of one dimension. */
  Tensor inOut(String name, double[] values, Bound bound, int... dims) {
    return add(name, DType.FLOAT64, raw(values), true, bound, dims);
  }

  /** Whether the op writes an operand. */
  boolean written(Buffer buffer) {
    return operands.stream().anyMatch(operand -> operand.output && operand.buffer == buffer);
  }

  /** A control block. */
  Control control(long step, long epoch, long position, double learningRate, double beta) {
    return control(step, epoch, position, learningRate, beta, 0);
  }

  /** A control block. */
  Control control(
      long step, long epoch, long position, double learningRate, double beta, double capacity) {
    double[] values = {step, epoch, position, learningRate, beta, capacity, 0, 0};
    return new Control(in("control", values).buffer());
  }

  /** Restores the initial bytes of all tensors and sentinels. */
  public void reset() {
    for (Operand operand : operands) {
      ByteBuffer bytes = host(operand.start.length);
      operand.whole.memory().write(0, bytes.put(operand.start).flip());
    }
  }

  /** The outputs of the op. */
  List<Output> outputs() {
    List<Output> outputs = new ArrayList<>();
    for (Operand operand : operands) {
      if (operand.output) {
        byte[] now = Arrays.copyOfRange(content(operand), operand.guard(), operand.end());
        double[] values = numbers(operand.buffer.type(), now);
        outputs.add(new Output(operand.name, now, values, operand.bound));
      }
    }
    return outputs;
  }

  /** The inputs and sentinels that were changed, one line each. */
  List<String> damage() {
    List<String> damage = new ArrayList<>();
    for (Operand operand : operands) {
      byte[] now = content(operand);
      if (operand.output) {
        // All of its own bytes may change.
        int own = operand.end() - operand.guard();
        System.arraycopy(operand.start, operand.guard(), now, operand.guard(), own);
      }
      int i = Arrays.mismatch(now, operand.start);
      if (i >= 0) {
        boolean inside = i >= operand.guard() && i < operand.end();
        int element = Math.floorDiv(i - operand.guard(), operand.buffer.type().bytes());
        damage.add(
            operand.name + "[" + element + "] was overwritten" + (inside ? "" : ", a sentinel"));
      }
    }
    return damage;
  }

  @Override
  public void close() {
    arena.close();
  }

  private Tensor add(
      String name, DType type, byte[] content, boolean output, Bound bound, int[] dims) {
    int length = content.length / type.bytes();
    int guard = placement.guard(GUARD_BYTES / type.bytes());
    Buffer whole = arena.own(backend.allocate(type, length + 2L * guard));
    byte[] start = garbage(type, whole.length());
    System.arraycopy(content, 0, start, guard * type.bytes(), content.length);
    Buffer buffer = whole.slice(guard, length);
    operands.add(new Operand(name, whole, buffer, start, output, bound));
    whole.memory().write(0, host(start.length).put(start).flip());
    return dims.length == 0 ? new Tensor(buffer, length) : new Tensor(buffer, dims);
  }

  /** The initial bytes of the next tensor and of its sentinels. */
  private byte[] garbage(DType type, long length) {
    int number = GARBAGE + operands.size();
    byte[] bytes = new byte[Math.toIntExact(length * type.bytes())];
    ByteBuffer values = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    while (values.hasRemaining()) {
      if (type == DType.FLOAT32) {
        values.putInt(FLOAT_NAN | number);
      } else if (type == DType.FLOAT64) {
        values.putLong(DOUBLE_NAN | number);
      } else {
        values.put((byte) number);
      }
    }
    return bytes;
  }

  private static byte[] content(Operand operand) {
    ByteBuffer bytes = host(operand.start.length);
    operand.whole.memory().read(0, bytes);
    byte[] content = new byte[bytes.capacity()];
    bytes.clear().get(content);
    return content;
  }

  private static double[] numbers(DType type, byte[] raw) {
    ByteBuffer bytes = ByteBuffer.wrap(raw).order(ByteOrder.nativeOrder());
    double[] values = new double[raw.length / type.bytes()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          type == DType.FLOAT32
              ? bytes.getFloat(4 * i)
              : type == DType.FLOAT64 ? bytes.getDouble(8 * i) : Byte.toUnsignedInt(bytes.get(i));
    }
    return values;
  }

  private static byte[] raw(float[] values) {
    byte[] bytes = new byte[4 * values.length];
    ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer().put(values);
    return bytes;
  }

  private static byte[] raw(double[] values) {
    byte[] bytes = new byte[8 * values.length];
    ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).asDoubleBuffer().put(values);
    return bytes;
  }

  private static ByteBuffer host(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
