// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The dimensions of arrays, which a data set does not have: its rows are flat. */
public final class ArraySizes {
  private static final String NPZ = ".npz";

  private ArraySizes() {}

  /**
   * The dimensions that the header of an array has.
   *
   * @param spec a specification of {@link DataSets}
   * @return the number of rows, then the sizes of a row, in the order of the file; null if the
   *     specification is no array
   * @throws DataException if the file is missing or its header cannot be used
   */
  public static @Nullable List<Long> of(String spec) {
    ArrayHeader header = header(spec, spec.toLowerCase(Locale.ROOT));
    return header == null ? null : Arrays.stream(header.shape()).boxed().toList();
  }

  private static @Nullable ArrayHeader header(String spec, String lower) {
    int zip = lower.endsWith(NPZ) ? spec.length() - NPZ.length() : lower.lastIndexOf(NPZ + ":");
    if (spec.startsWith("idx:")) {
      try (NamedInput input = NamedInput.open(DataSets.files(spec).get(0))) {
        return Idx.header(input);
      }
    } else if (lower.endsWith(".npy")) {
      try (NamedInput input = NamedInput.open(Path.of(spec))) {
        return Npy.header(input);
      }
    } else if (zip >= 0) {
      int end = zip + NPZ.length();
      String array = end == spec.length() ? null : spec.substring(end + 1);
      return Npz.read(Path.of(spec.substring(0, end)), array, Npy::header);
    }
    return null;
  }
}
