// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import de.siegmar.fastcsv.reader.FieldModifier;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Finds the quotation mark that is not closed. The reader ends the field of such a mark at the end
 * of the file and takes it, so that a file which was cut off would be read without a word.
 */
final class Quotes implements FieldModifier {
  private static final char MARK = '"';

  /** The marks of the file less those that are text, of which each pair makes a quoted field. */
  private long marks;

  /**
   * Whether the file is in UTF-16 or UTF-32, where the byte of the mark may be half of a letter.
   */
  private boolean wide;

  private boolean begun;

  /** The line of the last record with a quoted field. */
  private long line;

  /** The bytes of the file, in which marks are counted. */
  InputStream of(InputStream file) {
    return new FilterInputStream(file) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int count = super.read(target, offset, length);
        if (!begun && count > 0) {
          begun = true;
          wide = target[offset] == 0 || Byte.toUnsignedInt(target[offset]) >= 0xFE;
        }
        for (int i = offset; i < offset + count; i++) {
          marks += target[i] == MARK ? 1 : 0;
        }
        return count;
      }
    };
  }

  /** Also marks the empty field that a line of two quotation marks is, as it is no empty line. */
  @Override
  public String modify(long record, int index, boolean quoted, String field) {
    if (!quoted) {
      marks -= field.indexOf(MARK) < 0 ? 0 : field.chars().filter(c -> c == MARK).count();
      return field;
    }
    line = record;
    return field.isEmpty() ? " " : field;
  }

  /** To be called when the reader has read the file to its end. */
  void requireClosed(String table) {
    if (!wide && (marks & 1) != 0) {
      throw new DataException(
          table
              + ": line "
              + line
              + ": a quotation mark is not closed until the end of the file: close it, or get the"
              + " file again if it was cut off");
    }
  }
}
