// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

/**
 * The options of opening files.
 *
 * @param residentBytes the largest uncompressed NPY or IDX file that is read into memory; larger
 *     ones are mapped and their rows read on demand; with 0 all are mapped
 * @param missing whether rows may have missing values: NaN in arrays, and in tables empty fields,
 *     NA and NaN; otherwise these are errors
 * @param arrays how arrays are read
 * @param pictures how a folder of pictures is read
 */
public record OpenOptions(
    long residentBytes, boolean missing, ArrayOptions arrays, PictureOptions pictures) {
  /** The system property with {@link #residentBytes} in bytes. */
  public static final String RESIDENT_PROPERTY = "vae4j.data.resident";

  /** Checks the limit. {@inheritDoc} */
  public OpenOptions {
    if (residentBytes < 0) {
      throw new IllegalArgumentException(
          "residentBytes: expected 0 or more, given " + residentBytes);
    }
  }

  /**
   * Options for data without missing values.
   *
   * @param residentBytes the largest uncompressed file that is read into memory
   */
  public OpenOptions(long residentBytes) {
    this(residentBytes, false, ArrayOptions.PLAIN, PictureOptions.PLAIN);
  }

  /**
   * A copy for data with or without missing values.
   *
   * @param missing whether rows may have missing values
   * @return the options
   */
  public OpenOptions withMissing(boolean missing) {
    return new OpenOptions(residentBytes, missing, arrays, pictures);
  }

  /**
   * A copy for arrays that are read in another way.
   *
   * @param arrays how arrays are read
   * @return the options
   */
  public OpenOptions withArrays(ArrayOptions arrays) {
    return new OpenOptions(residentBytes, missing, arrays, pictures);
  }

  /**
   * A copy for pictures that are read in another way.
   *
   * @param pictures how a folder of pictures is read
   * @return the options
   */
  public OpenOptions withPictures(PictureOptions pictures) {
    return new OpenOptions(residentBytes, missing, arrays, pictures);
  }

  /**
   * The limit of the system property {@value #RESIDENT_PROPERTY}; without it, half of the Java
   * heap.
   *
   * @return the options
   * @throws IllegalArgumentException if the property is not a number of bytes
   */
  public static OpenOptions defaults() {
    String bytes = System.getProperty(RESIDENT_PROPERTY);
    if (bytes == null) {
      return new OpenOptions(Runtime.getRuntime().maxMemory() / 2);
    }
    try {
      return new OpenOptions(Long.parseLong(bytes.trim()));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          RESIDENT_PROPERTY + ": expected a number of bytes, given " + bytes, e);
    }
  }
}
