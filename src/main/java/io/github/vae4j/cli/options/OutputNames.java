// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.cli.run.FailureText;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The names of files that a command writes: an error lists the endings that it takes. */
public final class OutputNames {
  private OutputNames() {}

  /** A name with one of several endings. */
  private abstract static class Named implements ITypeConverter<OutputFile> {
    private final String ends;

    private Named(String ends) {
      this.ends = ends;
    }

    @Override
    public OutputFile convert(String text) {
      try {
        return OutputFile.parse(text, ends);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(FailureText.of(e));
      }
    }
  }

  /** Of a table of texts. */
  public static final class OfTable extends Named {
    /** For picocli. */
    public OfTable() {
      super(".csv or .parquet");
    }
  }

  /** Of numbers that are no images. */
  public static final class OfNumbers extends Named {
    /** For picocli. */
    public OfNumbers() {
      super(".npy, .csv or .parquet");
    }
  }

  /** Of rows that may be images. */
  public static final class OfRows extends Named {
    /** For picocli. */
    public OfRows() {
      super(".png, .npy, .csv or .parquet");
    }
  }

  /** Of rows that may be images and have an order. */
  public static final class OfRowsInOrder extends Named {
    /** For picocli. */
    public OfRowsInOrder() {
      super(".png, .gif, .npy, .csv or .parquet");
    }
  }
}
