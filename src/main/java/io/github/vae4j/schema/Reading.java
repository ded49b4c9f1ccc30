// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import io.github.vae4j.data.Numerals;
import io.github.vae4j.data.TableOptions;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The format of a table's texts, which later tables of a model have too.
 *
 * @param separator between the fields of a line; null to find it in each file
 * @param quote the mark around a field; null to find it in each file
 * @param header whether the first line has the names of the columns
 * @param encoding the name of the texts' encoding; null for that of the file's mark, else UTF-8
 * @param numerals the format of numbers
 * @param missing the texts that stand for a missing value
 */
public record Reading(
    @Nullable Character separator,
    @Nullable Character quote,
    TableOptions.Header header,
    @Nullable String encoding,
    Numerals numerals,
    MissingTexts missing) {
  /** Checks the encoding. {@inheritDoc} */
  public Reading {
    if (encoding != null && !isKnown(encoding)) {
      throw new IllegalArgumentException(
          "encoding: expected a name such as UTF-8 or windows-1252, given \"" + encoding + "\"");
    }
  }

  private static boolean isKnown(String encoding) {
    try {
      return Charset.isSupported(encoding);
    } catch (IllegalCharsetNameException e) {
      return false;
    }
  }

  /** Everything is found in the file; numbers have a decimal point. */
  public static final Reading DEFAULTS =
      new Reading(
          null, null, TableOptions.Header.AUTO, null, Numerals.PLAIN, MissingTexts.DEFAULTS);

  /**
   * A copy with another format of numbers.
   *
   * @param other the format
   * @return the reading
   */
  public Reading withNumerals(Numerals other) {
    return new Reading(separator, quote, header, encoding, other, missing);
  }

  /**
   * A copy with further texts for a missing value.
   *
   * @param texts in addition to the standard ones
   * @return the reading
   */
  public Reading withMissing(List<String> texts) {
    return new Reading(separator, quote, header, encoding, numerals, new MissingTexts(texts));
  }

  /**
   * The options of opening such a table, which refuse the first bad row.
   *
   * @return the options
   */
  public TableOptions options() {
    return TableOptions.defaults()
        .withSeparator(separator)
        .withQuote(quote)
        .withHeader(header)
        .withCharset(encoding == null ? null : Charset.forName(encoding));
  }
}
