// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.checkpoint.SafeTensors.Tensor;
import io.github.vae4j.checkpoint.SafeTensors.TensorType;
import io.github.vae4j.files.Reasons;
import io.github.vae4j.tensor.Half;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors file, open for reading. Opening checks the header, the length of the file and the
 * checksum, which only files of other programs may lack; elements are then read with their exact
 * bits. Not thread-safe.
 */
public final class SafeTensorsReader implements AutoCloseable {
  private static final int CHUNK = 1 << 16;

  /** The bytes of Java heap that a byte of a header of many tensors takes while it is read. */
  private static final int HEAP_PER_BYTE = 12;

  private final Path file;
  private final RandomAccessFile in;
  private final SafeTensorsHeader header;
  private final long data;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);

  private SafeTensorsReader(Path file, RandomAccessFile in) throws IOException {
    this.file = file;
    this.in = in;
    long length = in.length();
    if (length < Long.BYTES) {
      throw damaged(
          "not a safetensors file: expected 8 bytes or more, " + length + " bytes are there");
    }
    in.readFully(chunk.array(), 0, Long.BYTES);
    long headerBytes = chunk.getLong(0);
    if (headerBytes < 0 || headerBytes > SafeTensors.MAX_HEADER) {
      throw damaged(
          "not a safetensors file: its first 8 bytes give a header of "
              + Long.toUnsignedString(headerBytes)
              + " bytes, more than the format's limit of "
              + SafeTensors.MAX_HEADER);
    }
    data = Long.BYTES + headerBytes;
    if (data > length) {
      throw damaged(
          "cut short: its header takes " + data + " bytes, and " + length + " bytes are there");
    }
    if (headerBytes > CHUNK && headerBytes * HEAP_PER_BYTE > Runtime.getRuntime().maxMemory()) {
      throw damaged(
          "its header of "
              + headerBytes
              + " bytes is too large for a Java heap of "
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB; give java a larger -Xmx");
    }
    byte[] json = new byte[(int) headerBytes];
    in.readFully(json);
    header = SafeTensorsHeader.parse(file, json, length - data);
    header.tensors().forEach(tensor -> tensors.put(tensor.name(), tensor));
    verify();
  }

  /**
   * Opens a file and verifies it.
   *
   * @param file the file
   * @return a reader, to be closed
   * @throws CheckpointException if there is no such file or it is damaged
   */
  public static SafeTensorsReader open(Path file) {
    if (!Files.exists(file)) {
      throw new CheckpointException(file, "there is no such file");
    }
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(file, "it is not a file");
    }
    try {
      RandomAccessFile in = new RandomAccessFile(file.toFile(), "r");
      try {
        return new SafeTensorsReader(file, in);
      } catch (Throwable e) {
        try {
          in.close();
        } catch (IOException suppressed) {
          e.addSuppressed(suppressed);
        }
        throw e;
      }
    } catch (OutOfMemoryError e) {
      throw new CheckpointException(
          file, "its header is too large for the Java heap; give java a larger -Xmx", e);
    } catch (IOException e) {
      throw new CheckpointException(file, "cannot be read: " + Reasons.of(e), e);
    }
  }

  private void verify() throws IOException {
    String expected = header.metadata().get(SafeTensors.CHECKSUM);
    if (expected == null) {
      // A file of vae4j has a checksum, unless its key is damaged.
      if (header.metadata().keySet().stream().anyMatch(key -> key.startsWith("vae4j."))) {
        throw damaged(
            "its metadata has no " + SafeTensors.CHECKSUM + ", which files of vae4j have");
      }
      return;
    }
    CRC32C checksum = header.checksum();
    in.seek(data);
    for (int n = in.read(chunk.array()); n >= 0; n = in.read(chunk.array())) {
      checksum.update(chunk.array(), 0, n);
    }
    String actual = String.format(Locale.ROOT, "crc32c:%08x", checksum.getValue());
    if (!actual.equals(expected)) {
      throw damaged(
          "damaged: its content gives the checksum "
              + actual
              + ", and "
              + expected
              + " was written into it (a program that changes the file has to drop the vae4j keys"
              + " from its metadata)");
    }
  }

  /**
   * The texts.
   *
   * @return metadata by key, sorted
   */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(header.metadata());
  }

  /**
   * Reads a required text.
   *
   * @param key its key
   * @return the text
   * @throws CheckpointException if it is not there
   */
  public String metadata(String key) {
    @Nullable String value = header.metadata().get(key);
    if (value == null) {
      throw damaged("its metadata has no " + key);
    }
    return value;
  }

  /**
   * All tensors.
   *
   * @return by name, in the order of the file
   */
  public Map<String, Tensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  /**
   * Finds a required tensor.
   *
   * @param name its name
   * @param type the required element type
   * @param shape the required sizes
   * @return the tensor
   * @throws CheckpointException if it is missing or differs
   */
  public Tensor tensor(String name, TensorType type, long... shape) {
    Tensor tensor = tensor(name, type);
    if (!tensor.shape().equals(Arrays.stream(shape).boxed().toList())) {
      throw damaged(
          "tensor \""
              + name
              + "\": expected "
              + type
              + " "
              + Arrays.toString(shape)
              + ", given "
              + tensor);
    }
    return tensor;
  }

  /**
   * Finds a required tensor of any shape.
   *
   * @param name its name
   * @param type the required element type
   * @return the tensor
   * @throws CheckpointException if it is missing or of another type
   */
  public Tensor tensor(String name, TensorType type) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw damaged(
          "it has no tensor \"" + name + "\"; it has " + JsonFields.some(tensors.keySet()));
    }
    if (!tensor.type().readableAs(type)) {
      throw damaged(
          "tensor \""
              + name
              + "\": expected "
              + type
              + ", given "
              + tensor
              + ": save it as "
              + type);
    }
    return tensor;
  }

  /**
   * Refuses tensors of other names, and missing ones.
   *
   * @param names of all tensors
   */
  void expectOnly(Set<String> names) {
    Set<String> missing = new TreeSet<>(names);
    missing.removeAll(tensors.keySet());
    Set<String> extra = new TreeSet<>(tensors.keySet());
    extra.removeAll(names);
    if (!missing.isEmpty() || !extra.isEmpty()) {
      throw damaged(
          "its tensors are not those of its model: missing "
              + JsonFields.some(missing)
              + ", not known "
              + JsonFields.some(extra));
    }
  }

  /**
   * Reads elements of an F32 tensor; those of F16 and BF16 are widened.
   *
   * @param tensor one of this file's
   * @param first the first element
   * @param target receives the elements
   * @param offset the index of the first element in the target
   * @param count the number of elements
   */
  public void floats(Tensor tensor, long first, float[] target, int offset, int count) {
    Objects.checkFromIndexSize(first, count, tensor.elements());
    if (!tensor.type().readableAs(TensorType.F32)) {
      expect(tensor, TensorType.F32);
    }
    int size = tensor.type().bytes();
    for (int done = 0; done < count; ) {
      int n = Math.min(count - done, CHUNK / size);
      fill(tensor.begin() + (first + done) * size, n * size);
      switch (tensor.type()) {
        case F16 -> {
          for (int i = 0; i < n; i++) {
            target[offset + done + i] = Half.binary16(chunk.getShort(i * size));
          }
        }
        case BF16 -> {
          for (int i = 0; i < n; i++) {
            target[offset + done + i] = Half.bfloat16(chunk.getShort(i * size));
          }
        }
        default -> chunk.clear().asFloatBuffer().get(target, offset + done, n);
      }
      done += n;
    }
  }

  /**
   * Reads an F32 tensor.
   *
   * @param tensor one of this file's
   * @return its elements
   */
  public float[] floats(Tensor tensor) {
    float[] values = new float[length(tensor)];
    floats(tensor, 0, values, 0, values.length);
    return values;
  }

  /**
   * Reads an F64 tensor.
   *
   * @param tensor one of this file's
   * @return its elements
   */
  public double[] doubles(Tensor tensor) {
    expect(tensor, TensorType.F64);
    double[] values = new double[length(tensor)];
    for (int done = 0; done < values.length; ) {
      int n = Math.min(values.length - done, CHUNK / Double.BYTES);
      fill(tensor.begin() + (long) done * Double.BYTES, n * Double.BYTES);
      chunk.clear().asDoubleBuffer().get(values, done, n);
      done += n;
    }
    return values;
  }

  /**
   * Reads an I64 tensor.
   *
   * @param tensor one of this file's
   * @return its elements
   */
  public long[] longs(Tensor tensor) {
    expect(tensor, TensorType.I64);
    long[] values = new long[length(tensor)];
    for (int done = 0; done < values.length; ) {
      int n = Math.min(values.length - done, CHUNK / Long.BYTES);
      fill(tensor.begin() + (long) done * Long.BYTES, n * Long.BYTES);
      chunk.clear().asLongBuffer().get(values, done, n);
      done += n;
    }
    return values;
  }

  /**
   * Reads a U8 tensor.
   *
   * @param tensor one of this file's
   * @return its elements
   */
  public byte[] bytes(Tensor tensor) {
    expect(tensor, TensorType.U8);
    byte[] values = new byte[length(tensor)];
    for (int done = 0; done < values.length; ) {
      int n = Math.min(values.length - done, CHUNK);
      fill(tensor.begin() + done, n);
      chunk.get(0, values, done, n);
      done += n;
    }
    return values;
  }

  /**
   * An error in this file.
   *
   * @param problem the fault
   * @return the exception, to be thrown
   */
  CheckpointException damaged(String problem) {
    return new CheckpointException(file, problem);
  }

  Path file() {
    return file;
  }

  private static void expect(Tensor tensor, TensorType type) {
    if (tensor.type() != type) {
      throw new IllegalArgumentException(
          "tensor \"" + tensor.name() + "\": expected " + tensor.type() + ", asked for " + type);
    }
  }

  private int length(Tensor tensor) {
    if (tensor.elements() > Integer.MAX_VALUE - 8) {
      throw damaged("tensor \"" + tensor.name() + "\": " + tensor + " does not fit in an array");
    }
    return (int) tensor.elements();
  }

  private void fill(long at, int bytes) {
    try {
      in.seek(data + at);
      in.readFully(chunk.array(), 0, bytes);
    } catch (IOException e) {
      throw new CheckpointException(file, "cannot be read: " + Reasons.of(e), e);
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new CheckpointException(file, "cannot be closed: " + Reasons.of(e), e);
    }
  }
}
