// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

/** A stream of characters. */
interface Characters {
  /**
   * Reads characters, at least one.
   *
   * @param line on which the next character is, for messages
   * @return their number; -1 at the end
   * @throws DataException if they cannot be read
   */
  int read(char[] target, int offset, int length, long line);

  /** The characters of an array. */
  static Characters of(char[] text, int count) {
    return new Characters() {
      private int at;

      @Override
      public int read(char[] target, int offset, int length, long line) {
        int got = Math.min(length, count - at);
        System.arraycopy(text, at, target, offset, got);
        at += got;
        return got == 0 ? -1 : got;
      }
    };
  }
}
