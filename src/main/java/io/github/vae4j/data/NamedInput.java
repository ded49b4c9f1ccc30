// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** A stream with a name and a position, which its error messages contain. */
final class NamedInput implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final String name;
  private final InputStream stream;
  private long position;

  /** A stream that is closed with this object. */
  NamedInput(String name, InputStream stream) {
    this.name = name;
    this.stream = stream;
  }

  /** A file; a file named .gz is decompressed while it is read. */
  static NamedInput open(Path file) {
    requireFile(file);
    String name = file.toString();
    try {
      InputStream raw = Files.newInputStream(file);
      return isGzip(name) ? gzip(name, raw) : new NamedInput(name, raw);
    } catch (IOException e) {
      throw DataException.reading(name, e);
    }
  }

  /** A compressed stream, which is closed with the result, and also if it is not gzip data. */
  static NamedInput gzip(String name, InputStream raw) {
    try {
      try {
        return new NamedInput(name, new GZIPInputStream(raw, BUFFER_BYTES));
      } catch (IOException e) {
        raw.close();
        throw e;
      }
    } catch (ZipException | EOFException e) {
      throw new DataException(
          name + ": is not gzip data; if it is not compressed, take .gz off its name", e);
    } catch (IOException e) {
      throw DataException.reading(name, e);
    }
  }

  static boolean isGzip(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(".gz");
  }

  static void requireFile(Path file) {
    if (!Files.exists(file)) {
      throw new DataException(
          file + ": there is no such file (looked for " + file.toAbsolutePath() + ")");
    }
    if (Files.isDirectory(file)) {
      throw new DataException(file + ": is a folder, not a file");
    }
  }

  String name() {
    return name;
  }

  long position() {
    return position;
  }

  /** Fills the target from its start; returns the number of bytes before the end of the stream. */
  int read(byte[] target, int count) {
    try {
      int got = stream.readNBytes(target, 0, count);
      position += got;
      return got;
    } catch (EOFException e) {
      throw new DataException(
          name + ": is truncated: the compressed data end too early; get the file again", e);
    } catch (ZipException e) {
      throw new DataException(
          name + ": is corrupt (" + e.getMessage() + "); get the file again", e);
    } catch (IOException e) {
      throw DataException.reading(name, e);
    }
  }

  /** The next bytes; throws if there are fewer. */
  byte[] header(int count, String part) {
    byte[] bytes = new byte[count];
    if (read(bytes, count) < count) {
      throw new DataException(
          name + ": is truncated: it ends after " + position + " bytes, within its " + part);
    }
    return bytes;
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      throw DataException.reading(name, e);
    }
  }
}
