// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * The options of opening a {@link Table}. All but the policy are those of text files.
 *
 * @param separator between the fields of a line; null to find it among comma, semicolon, tab and
 *     vertical bar
 * @param quote the mark around a field that contains separators or line ends; null to find it among
 *     {@code "} and {@code '}
 * @param header whether the first line has the names of the columns
 * @param charset the encoding of the text; null for that of the byte order mark, else UTF-8
 * @param badRows the policy for rows that cannot be read
 */
public record TableOptions(
    @Nullable Character separator,
    @Nullable Character quote,
    Header header,
    @Nullable Charset charset,
    BadRows badRows) {
  /** Whether the first line of a text file has the names of the columns. */
  public enum Header {
    /** The first line has the names. */
    YES,
    /** The first line is a row. */
    NO,
    /** The first line has the names, unless it looks as the rows after it do. */
    AUTO
  }

  /** Checks that the separator is not the mark. {@inheritDoc} */
  public TableOptions {
    if (separator != null && (separator.equals(quote) || separator == '\n' || separator == '\r')) {
      throw new IllegalArgumentException(
          "separator: expected a character that is neither the quotation mark nor a line end");
    }
    if (quote != null && (quote == '\n' || quote == '\r')) {
      throw new IllegalArgumentException("quote: expected a character that is no line end");
    }
  }

  /**
   * The format is found in the file; the first bad row is refused.
   *
   * @return the options
   */
  public static TableOptions defaults() {
    return new TableOptions(null, null, Header.AUTO, null, BadRows.fail());
  }

  /**
   * A copy with another separator.
   *
   * @param separator the separator; null to find it
   * @return the options
   */
  public TableOptions withSeparator(@Nullable Character separator) {
    return new TableOptions(separator, quote, header, charset, badRows);
  }

  /**
   * A copy with another quotation mark.
   *
   * @param quote the mark; null to find it
   * @return the options
   */
  public TableOptions withQuote(@Nullable Character quote) {
    return new TableOptions(separator, quote, header, charset, badRows);
  }

  /**
   * A copy for files with or without a header.
   *
   * @param header whether the first line has the names
   * @return the options
   */
  public TableOptions withHeader(Header header) {
    return new TableOptions(separator, quote, header, charset, badRows);
  }

  /**
   * A copy for files in another encoding.
   *
   * @param charset the encoding; null to find it
   * @return the options
   */
  public TableOptions withCharset(@Nullable Charset charset) {
    return new TableOptions(separator, quote, header, charset, badRows);
  }

  /**
   * A copy with another policy for bad rows.
   *
   * @param badRows the policy
   * @return the options
   */
  public TableOptions withBadRows(BadRows badRows) {
    return new TableOptions(separator, quote, header, charset, badRows);
  }
}
