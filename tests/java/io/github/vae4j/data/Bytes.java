// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Writes files of the tests byte by byte, without the code under test. */
public final class Bytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private ByteOrder order = ByteOrder.BIG_ENDIAN;

  /** An IDX header: the type's code and the dimensions. */
  public static Bytes idx(int type, int... shape) {
    Bytes bytes = new Bytes().u8(0, 0, type, shape.length);
    for (int size : shape) {
      bytes.i32(size);
    }
    return bytes;
  }

  /** An NPY header of version 1. */
  public static Bytes npy(String descr, boolean fortran, String shape) {
    String dictionary =
        "{'descr': '"
            + descr
            + "', 'fortran_order': "
            + (fortran ? "True" : "False")
            + ", 'shape': "
            + shape
            + ", }";
    return npy(1, dictionary)
        .order(descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
  }

  /** An NPY header of any version and dictionary; the bytes after it are little-endian. */
  public static Bytes npy(int version, String dictionary) {
    int before = version == 1 ? 10 : 12;
    String padded = dictionary + " ".repeat(63 - (before + dictionary.length()) % 64) + "\n";
    Bytes bytes = new Bytes().order(ByteOrder.LITTLE_ENDIAN).u8(0x93).text("NUMPY").u8(version, 0);
    return (version == 1 ? bytes.i16(padded.length()) : bytes.i32(padded.length())).text(padded);
  }

  public Bytes order(ByteOrder next) {
    order = next;
    return this;
  }

  public Bytes text(String ascii) {
    out.writeBytes(ascii.getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  public Bytes u8(int... values) {
    for (int value : values) {
      out.write(value);
    }
    return this;
  }

  public Bytes i16(int... values) {
    for (int value : values) {
      out.writeBytes(buffer(2).putShort((short) value).array());
    }
    return this;
  }

  public Bytes i32(int... values) {
    for (int value : values) {
      out.writeBytes(buffer(4).putInt(value).array());
    }
    return this;
  }

  public Bytes i64(long... values) {
    for (long value : values) {
      out.writeBytes(buffer(8).putLong(value).array());
    }
    return this;
  }

  public Bytes f32(float... values) {
    for (float value : values) {
      out.writeBytes(buffer(4).putFloat(value).array());
    }
    return this;
  }

  public Bytes f64(double... values) {
    for (double value : values) {
      out.writeBytes(buffer(8).putDouble(value).array());
    }
    return this;
  }

  public byte[] array() {
    return out.toByteArray();
  }

  public Path write(Path file) throws IOException {
    return Files.write(file, array());
  }

  public Path gzip(Path file) throws IOException {
    try (OutputStream target = new GZIPOutputStream(Files.newOutputStream(file))) {
      target.write(array());
    }
    return file;
  }

  private ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(order);
  }
}
