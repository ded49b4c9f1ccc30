// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** A stream with a name and a position, which its error messages contain. */
final class NamedInput implements AutoCloseable {
  private final String name;
  private final InputStream stream;
  private final long most;
  private final boolean compressed;
  private final @Nullable Progress progress;
  private long position;

  /**
   * A stream that is closed with this object.
   *
   * @param most the stream has at most so many bytes
   * @param compressed whether the stream decompresses a file
   * @param progress of the file; null if it is none
   */
  private NamedInput(
      String name, InputStream stream, long most, boolean compressed, @Nullable Progress progress) {
    this.name = name;
    this.progress = progress;
    this.stream = stream;
    this.most = most;
    this.compressed = compressed;
  }

  /** An entry of an archive. */
  static NamedInput entry(String name, InputStream stream, long archiveBytes) {
    return new NamedInput(name, stream, inflated(archiveBytes), true, null);
  }

  /** A file; gzip data are decompressed while they are read. */
  static NamedInput open(Path file) {
    requireFile(file);
    String name = file.toString();
    try {
      long bytes = Files.isRegularFile(file) ? Files.size(file) : Long.MAX_VALUE;
      Progress progress = new Progress(Files.newInputStream(file), bytes);
      PushbackInputStream raw = new PushbackInputStream(progress, 2);
      try {
        byte[] magic = raw.readNBytes(2);
        raw.unread(magic);
        boolean gzip = magic.length == 2 && GzipStream.begins(magic[0], magic[1] & 0xFF);
        return gzip || isGzip(name)
            ? gzip(name, raw, inflated(bytes), progress)
            : new NamedInput(name, raw, bytes, false, progress);
      } catch (IOException e) {
        raw.close();
        throw e;
      }
    } catch (IOException e) {
      throw DataException.reading(name, e);
    }
  }

  private static long inflated(long bytes) {
    return bytes > Long.MAX_VALUE / GzipStream.MOST_RATIO
        ? Long.MAX_VALUE
        : bytes * GzipStream.MOST_RATIO;
  }

  /** A compressed stream, which is closed with the result, and also if it is not gzip data. */
  static NamedInput gzip(String name, InputStream raw) {
    return gzip(name, raw, Long.MAX_VALUE, null);
  }

  private static NamedInput gzip(
      String name, InputStream raw, long most, @Nullable Progress progress) {
    try {
      try {
        return new NamedInput(name, new GzipStream(raw), most, true, progress);
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

  private static boolean isGzip(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(".gz");
  }

  /** Whether the bytes are not those of the file. */
  boolean compressed() {
    return compressed;
  }

  /** The greatest number of bytes of the stream; Long.MAX_VALUE if it is not known. */
  long length() {
    return most;
  }

  /** Whether the stream can have so many bytes. */
  boolean canHave(long bytes) {
    return bytes <= most;
  }

  /** The length of the file; Long.MAX_VALUE if it is not known. */
  long bytes() {
    return progress == null ? Long.MAX_VALUE : progress.length;
  }

  /** The share of the file that has been read; NaN if its length is not known. */
  double done() {
    if (progress == null || progress.length == Long.MAX_VALUE) {
      return Double.NaN;
    }
    return progress.count >= progress.length ? 1 : (double) progress.count / progress.length;
  }

  /** The bytes, with the exceptions of {@link InputStream}; they do not move the position. */
  InputStream stream() {
    return stream;
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

  /** The next bytes; throws if there are fewer, before it allocates them. */
  byte[] header(int count, String part) {
    byte[] bytes = new byte[canHave(count) ? count : (int) most];
    if (read(bytes, bytes.length) < count) {
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

  /** Counts the bytes of a file that have been read. */
  private static final class Progress extends FilterInputStream {
    private final long length;
    private long count;

    Progress(InputStream file, long length) {
      super(file);
      this.length = length;
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      count += one < 0 ? 0 : 1;
      return one;
    }

    @Override
    public int read(byte[] target, int offset, int limit) throws IOException {
      int got = super.read(target, offset, limit);
      count += Math.max(got, 0);
      return got;
    }
  }
}
