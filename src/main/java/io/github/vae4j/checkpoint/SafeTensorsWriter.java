// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.checkpoint.SafeTensors.Tensor;
import io.github.vae4j.checkpoint.SafeTensors.TensorType;
import io.github.vae4j.files.AtomicFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Collects the content of a safetensors file and writes it in one stream, without a copy of the
 * tensors. The format's reference library writes the same bytes for the same content: tensors by
 * element type, then by name. A checksum is added ({@link SafeTensors#CHECKSUM}).
 */
public final class SafeTensorsWriter {
  private final SortedMap<String, String> metadata = new TreeMap<>();
  private final SortedMap<Key, Entry> entries = new TreeMap<>();

  private record Key(TensorType type, String name) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int order = type.compareTo(other.type);
      return order != 0 ? order : name.compareTo(other.name);
    }
  }

  private record Entry(List<Long> shape, Content content) {}

  /** Writes the elements of a tensor. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes all elements; called twice (for the checksum, then for the file), with the same
     * elements.
     *
     * @param sink receives them
     * @throws IOException from the sink
     */
    void writeTo(TensorSink sink) throws IOException;
  }

  /** Creates a writer of an empty file. */
  public SafeTensorsWriter() {}

  /**
   * Adds a text.
   *
   * @param key its key
   * @param value the text
   * @return this
   */
  public SafeTensorsWriter metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /**
   * Adds a tensor.
   *
   * @param name its name, which no other tensor has
   * @param type its element type
   * @param content its elements
   * @param shape its sizes; none for a scalar
   * @return this
   */
  public SafeTensorsWriter tensor(String name, TensorType type, Content content, long... shape) {
    boolean known = entries.keySet().stream().anyMatch(key -> key.name().equals(name));
    if (known || name.equals("__metadata__")) {
      throw new IllegalArgumentException("safetensors: the name \"" + name + "\" is taken");
    }
    for (long size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException(
            "tensor \""
                + name
                + "\": expected sizes of 0 or more, given "
                + Arrays.toString(shape));
      }
    }
    entries.put(new Key(type, name), new Entry(Arrays.stream(shape).boxed().toList(), content));
    return this;
  }

  /**
   * Writes the file atomically.
   *
   * @param file to write
   * @throws io.github.vae4j.VaeException if it cannot be written
   */
  public void write(Path file) {
    write(file, null);
  }

  void write(Path file, @Nullable Path previous) {
    AtomicFiles.write(file, this::writeTo, previous);
  }

  private void writeTo(OutputStream out) throws IOException {
    SafeTensorsHeader bare = layout();
    CRC32C checksum = bare.checksum();
    writeData(new CheckedOutputStream(OutputStream.nullOutputStream(), checksum), bare.tensors());
    byte[] json =
        bare.withChecksum(String.format(Locale.ROOT, "crc32c:%08x", checksum.getValue()))
            .toJson()
            .getBytes(StandardCharsets.UTF_8);
    int padded = (json.length + SafeTensors.ALIGN - 1) / SafeTensors.ALIGN * SafeTensors.ALIGN;
    ByteBuffer header =
        ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN).putLong(padded);
    header.put(json);
    Arrays.fill(header.array(), header.position(), header.capacity(), (byte) ' ');
    out.write(header.array());
    writeData(out, bare.tensors());
  }

  private SafeTensorsHeader layout() {
    List<Tensor> tensors = new ArrayList<>();
    long at = 0;
    for (Map.Entry<Key, Entry> entry : entries.entrySet()) {
      Key key = entry.getKey();
      List<Long> shape = entry.getValue().shape();
      long end = Math.addExact(at, SafeTensors.bytes(key.type(), shape));
      tensors.add(new Tensor(key.name(), key.type(), shape, at, end));
      at = end;
    }
    return new SafeTensorsHeader(metadata, tensors).withChecksum("");
  }

  private void writeData(OutputStream out, List<Tensor> tensors) throws IOException {
    int index = 0;
    for (Entry entry : entries.values()) {
      TensorSink sink = new TensorSink(out, tensors.get(index++));
      entry.content().writeTo(sink);
      sink.end();
    }
  }
}
