// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** The characters of a text file, which may be compressed. A byte order mark is none of them. */
final class TextSource implements Characters, AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int BLOCK_CHARACTERS = 1 << 16;
  private static final long LARGE_BYTES = 1 << 20;

  private final String name;
  private final NamedInput input;
  private final InputStream stream;
  private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
  private final CharsetDecoder decoder;
  private boolean ended;
  private boolean begun;

  /** Characters to be read, from a place on to another one. */
  private char[] text = {};

  private int at;
  private int limit;
  private @Nullable ReadAhead ahead;
  private ReadAhead.@Nullable Block taken;
  private double done;

  private TextSource(String name, NamedInput input, @Nullable Charset charset) throws IOException {
    this.name = name;
    this.input = input;
    this.stream = input.stream();
    more();
    this.decoder =
        TextEncoding.of(name, bytes, charset)
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    this.done = input.done();
  }

  /**
   * Opens a file.
   *
   * @param charset of a text without a byte order mark; null for UTF-8
   */
  static TextSource open(String name, Path file, @Nullable Charset charset) {
    NamedInput input = NamedInput.open(file);
    try {
      return new TextSource(name, input, charset);
    } catch (IOException e) {
      input.close();
      throw unreadable(name, e);
    } catch (DataException e) {
      input.close();
      throw e;
    }
  }

  /**
   * The first characters, which stay to be read. To be called before they are read.
   *
   * @param most the number of characters, or one more, unless the text has fewer
   */
  char[] peek(int most) {
    // With room for the second part of a last character.
    char[] sample = new char[most + 1];
    int count = 0;
    while (count < most) {
      int got = decode(sample, count, sample.length - count);
      if (got <= 0) {
        break;
      }
      count += got;
    }
    text = sample;
    limit = count;
    return Arrays.copyOf(sample, count);
  }

  /** Reads a large file on a thread of its own from here on. */
  void readAhead() {
    if (ahead == null && input.bytes() > LARGE_BYTES) {
      ahead = new ReadAhead(name, this::decode, input::done);
    }
  }

  @Override
  public int read(char[] target, int offset, int length, long line) {
    if (at == limit && !refill(line)) {
      return -1;
    }
    int got = Math.min(length, limit - at);
    System.arraycopy(text, at, target, offset, got);
    at += got;
    return got;
  }

  private boolean refill(long line) {
    int count;
    if (ahead != null) {
      taken = ahead.next(taken);
      text = taken.text;
      count = taken.count;
      done = taken.done;
    } else {
      text = text.length == BLOCK_CHARACTERS ? text : new char[BLOCK_CHARACTERS];
      count = decode(text, 0, text.length);
      done = input.done();
    }
    if (count == 0) {
      throw new DataException(
          name + ": line " + line + ": " + TextEncoding.complaint(decoder.charset(), bytes));
    }
    at = 0;
    limit = Math.max(count, 0);
    return count > 0;
  }

  /**
   * Decodes characters, at least one; -1 at the end, 0 if the next bytes are no text. There must be
   * room for two.
   */
  private int decode(char[] target, int offset, int length) {
    CharBuffer out = CharBuffer.wrap(target, offset, length);
    try {
      while (true) {
        CoderResult result = decoder.decode(bytes, out, ended);
        if (out.position() > offset && !begun) {
          begun = true;
          if (target[offset] == '\uFEFF') {
            System.arraycopy(target, offset + 1, target, offset, out.position() - offset - 1);
            out.position(out.position() - 1);
          }
        }
        if (out.position() > offset) {
          return out.position() - offset;
        }
        if (result.isError()) {
          return 0;
        }
        if (ended) {
          return -1;
        }
        more();
      }
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  /** Reads bytes behind those that are left, until the buffer is full or the file ends. */
  private void more() throws IOException {
    bytes.compact();
    int got = stream.readNBytes(bytes.array(), bytes.position(), bytes.remaining());
    ended = bytes.position() + got < bytes.capacity();
    bytes.position(bytes.position() + got).flip();
  }

  private static DataException unreadable(String name, IOException e) {
    if (e instanceof ZipException || e instanceof EOFException) {
      return new DataException(
          name
              + ": is damaged or truncated: its compressed data end too early or are wrong; get the"
              + " file again",
          e);
    }
    return DataException.reading(name, e);
  }

  /** The share of the file that has been read; NaN if its length is not known. */
  double done() {
    return done;
  }

  @Override
  public void close() {
    if (ahead != null) {
      ahead.close();
    }
    input.close();
  }
}
