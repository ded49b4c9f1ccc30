// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The encoding of a text file, by its first bytes. */
final class TextEncoding {
  /** The starts of files that are no text, with the remedy. */
  private static final Map<String, String> FOREIGN =
      Map.of(
          "PK\u0003\u0004", "a ZIP archive or an Excel workbook: save the table as CSV",
          "\u00d0\u00cf\u0011\u00e0", "an old Excel workbook: save the table as CSV",
          "PAR1", "a Parquet file: give it a name that ends in .parquet",
          "ARROW1", "an Arrow file: give it a name that ends in .arrow",
          "SQLite format 3", "a SQLite database: export the table as CSV",
          "%PDF", "a PDF document: export the table as CSV",
          "\u0093NUMPY", "an array of NumPy: give it a name that ends in .npy",
          "(\u00b5/\u00fd", "compressed by zstd: decompress it, or compress it by gzip",
          "BZh", "compressed by bzip2: decompress it, or compress it by gzip",
          "\u00fd7zXZ", "compressed by xz: decompress it, or compress it by gzip");

  /** A byte order mark of UTF-8, and blanks. */
  private static final Pattern LEADING = Pattern.compile("^(\u00EF\u00BB\u00BF)?\\s*");

  /** Documents of text that a download or another program gives instead of a table. */
  private static final Map<String, Pattern> DOCUMENTS =
      Map.of(
          "an HTML page, as a server sends for an error or a login: download the table again",
          Pattern.compile("<(!doctype html|html)\\b", CASE_INSENSITIVE),
          "an XML document: export the table as CSV",
          Pattern.compile("<\\?xml\\b"),
          "JSON: export the table as CSV, or read it by duckdb:FROM 'FILE.json'",
          Pattern.compile("(\\{\\s*\"[^\"]*\"\\s*:|\\[\\s*\\{)"));

  private TextEncoding() {}

  /**
   * The encoding of a text that begins with some bytes: that of a byte order mark, else the given
   * one, else UTF-16 where every second byte is zero, else UTF-8.
   *
   * @throws DataException if the bytes begin a file of another format
   */
  static Charset of(String name, ByteBuffer bytes, @Nullable Charset given) {
    String start = StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
    String content = LEADING.matcher(start).replaceFirst("");
    for (Map.Entry<String, Pattern> document : DOCUMENTS.entrySet()) {
      if (document.getValue().matcher(content).lookingAt()) {
        throw new DataException(name + ": is no table, but " + document.getKey());
      }
    }
    Charset marked = marked(start);
    if (marked != null) {
      return marked;
    }
    // A column of a text may be named PAR1.
    boolean binary = start.chars().anyMatch(c -> c < '\t');
    for (Map.Entry<String, String> format : FOREIGN.entrySet()) {
      if (binary && start.startsWith(format.getKey())) {
        throw new DataException(name + ": is not text, but " + format.getValue());
      }
    }
    if (given != null) {
      return given;
    }
    int even = 0;
    int odd = 0;
    for (int i = 0; i < start.length(); i++) {
      if (start.charAt(i) == 0) {
        even += 1 - (i & 1);
        odd += i & 1;
      }
    }
    if (even + odd == 0) {
      return StandardCharsets.UTF_8;
    }
    int half = start.length() / 2;
    if (even == 0 && odd > half / 2) {
      return StandardCharsets.UTF_16LE;
    }
    if (odd == 0 && even > half / 2) {
      return StandardCharsets.UTF_16BE;
    }
    throw new DataException(
        name + ": is not text: it has bytes of 0 near its start; save the table as CSV in UTF-8");
  }

  private static @Nullable Charset marked(String start) {
    if (start.startsWith("\u00EF\u00BB\u00BF")) {
      return StandardCharsets.UTF_8;
    }
    if (start.startsWith("\u00FF\u00FE\0\0")) {
      return Charset.forName("UTF-32LE");
    }
    if (start.startsWith("\0\0\u00FE\u00FF")) {
      return Charset.forName("UTF-32BE");
    }
    if (start.startsWith("\u00FF\u00FE")) {
      return StandardCharsets.UTF_16LE;
    }
    return start.startsWith("\u00FE\u00FF") ? StandardCharsets.UTF_16BE : null;
  }

  /** The fault of the next bytes, which are none of an encoding. */
  static String complaint(Charset charset, ByteBuffer bytes) {
    byte bad = bytes.get(bytes.position());
    String other = new String(new byte[] {bad}, Charset.forName("windows-1252"));
    boolean utf8 = charset.equals(StandardCharsets.UTF_8);
    return String.format(
        Locale.ROOT,
        "the byte 0x%02X is not text in %s%s",
        bad,
        charset.name(),
        utf8 && bad < 0 && other.charAt(0) != '\uFFFD'
            ? ", but \""
                + other
                + "\" in Windows-1252: if the file is in that encoding, give TableOptions.charset"
                + " windows-1252, or convert it by iconv -f WINDOWS-1252 -t UTF-8"
            : ": give its encoding by TableOptions.charset, or convert the file to UTF-8");
  }
}
