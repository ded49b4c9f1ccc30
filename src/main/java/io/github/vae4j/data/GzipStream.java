// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * The bytes of a gzip file (RFC 1952) of one or more members. {@link java.util.zip.GZIPInputStream}
 * ends without an error where the stream under it says that nothing is available, or where a later
 * member is damaged; here each byte of the file belongs to a member or is a zero after the last
 * one.
 */
final class GzipStream extends InputStream {
  /** Deflate stores at most 258 bytes in 2 bits. */
  static final int MOST_RATIO = 1032;

  private static final int BUFFER_BYTES = 1 << 16;
  private static final int DEFLATED = 8;
  private static final int HEADER_SUM = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xE0;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 sum = new CRC32();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int at;
  private int limit;
  private boolean ended;

  /** Reads the header of the first member. */
  GzipStream(InputStream in) throws IOException {
    this.in = in;
    header(next(), next());
  }

  /** Whether bytes are the first two of a gzip file. */
  static boolean begins(int first, int second) {
    return first == 0x1f && second == 0x8b;
  }

  private void header(int first, int second) throws IOException {
    if (!begins(first, second)) {
      throw new ZipException("not in gzip format");
    }
    int method = next();
    int flags = next();
    if (method != DEFLATED || (flags & RESERVED) != 0) {
      throw new ZipException("unknown method " + method + " or flags " + flags + " of gzip");
    }
    skip(6);
    if ((flags & EXTRA) != 0) {
      skip(next() | next() << 8);
    }
    for (int text : new int[] {NAME, COMMENT}) {
      if ((flags & text) != 0) {
        int letter = next();
        while (letter != 0) {
          letter = next();
        }
      }
    }
    if ((flags & HEADER_SUM) != 0) {
      skip(2);
    }
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      next();
    }
  }

  private int next() throws IOException {
    if (at == limit && !fill()) {
      throw new EOFException();
    }
    return Byte.toUnsignedInt(buffer[at++]);
  }

  private boolean fill() throws IOException {
    at = 0;
    limit = Math.max(0, in.read(buffer, 0, buffer.length));
    return limit > 0;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    try {
      while (!ended) {
        int count = inflater.inflate(target, offset, length);
        if (count > 0) {
          sum.update(target, offset, count);
          return count;
        }
        if (inflater.finished()) {
          endMember();
        } else if (inflater.needsDictionary()) {
          throw new ZipException("the data need a dictionary, which gzip has not");
        } else if (inflater.needsInput()) {
          if (at == limit && !fill()) {
            throw new EOFException();
          }
          inflater.setInput(buffer, at, limit - at);
          at = limit;
        }
      }
      return -1;
    } catch (DataFormatException e) {
      ZipException damaged = new ZipException(String.valueOf(e.getMessage()));
      damaged.initCause(e);
      throw damaged;
    }
  }

  private void endMember() throws IOException {
    at = limit - inflater.getRemaining();
    if (word() != sum.getValue()) {
      throw new ZipException("the data have another checksum than was written");
    }
    if (word() != (inflater.getBytesWritten() & 0xFFFF_FFFFL)) {
      throw new ZipException("the data have another length than was written");
    }
    inflater.reset();
    sum.reset();
    boolean padding = false;
    while (at < limit || fill()) {
      int first = next();
      if (first != 0 && padding) {
        throw new ZipException("bytes after the compressed data");
      }
      padding = first == 0;
      if (!padding) {
        header(first, next());
        return;
      }
    }
    ended = true;
  }

  private long word() throws IOException {
    long word = 0;
    for (int i = 0; i < Integer.SIZE; i += Byte.SIZE) {
      word |= (long) next() << i;
    }
    return word;
  }

  @Override
  public void close() throws IOException {
    ended = true;
    inflater.end();
    in.close();
  }
}
