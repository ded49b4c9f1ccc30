// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** NumPy's NPZ: a zip file of NPY files, one for each array. */
final class Npz {
  private static final String SUFFIX = ".npy";

  private Npz() {}

  /**
   * Reads an array into memory.
   *
   * @param name the specification
   * @param file the NPZ file
   * @param array the array's name; null for the only one
   * @param options whether values may be missing
   */
  static DataSet open(String name, Path file, @Nullable String array, OpenOptions options) {
    return read(
        file, array, input -> ArrayFiles.load(name, input, Npy.header(input), null, options));
  }

  /** Reads an array from its beginning. */
  static <T> T read(Path file, @Nullable String array, Function<NamedInput, T> reader) {
    NamedInput.requireFile(file);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      List<String> arrays =
          zip.stream()
              .map(ZipEntry::getName)
              .filter(entry -> entry.endsWith(SUFFIX))
              .map(entry -> entry.substring(0, entry.length() - SUFFIX.length()))
              .toList();
      refuseSparse(file, arrays);
      String chosen = choose(file, arrays, array);
      ZipEntry entry = zip.getEntry(chosen + SUFFIX);
      try (NamedInput input =
          NamedInput.entry(file + ":" + chosen, zip.getInputStream(entry), Files.size(file))) {
        return reader.apply(input);
      }
    } catch (ZipException e) {
      throw new DataException(file + ": is not an NPZ (zip) file: " + e.getMessage(), e);
    } catch (IOException | IllegalArgumentException e) {
      throw DataException.reading(file.toString(), e);
    }
  }

  /** SciPy's sparse matrices: their array "data" has the values that are not 0, and no rows. */
  private static void refuseSparse(Path file, List<String> arrays) {
    boolean compressed = arrays.containsAll(List.of("data", "indices", "indptr", "shape"));
    boolean diagonal = arrays.containsAll(List.of("data", "offsets", "shape"));
    boolean coordinates = arrays.containsAll(List.of("data", "row", "col", "shape"));
    if (arrays.contains("format") && (compressed || diagonal || coordinates)) {
      throw new DataException(
          file
              + ": is a sparse matrix of SciPy, which cannot be read; save"
              + " scipy.sparse.load_npz(FILE).toarray() with numpy.save");
    }
  }

  private static String choose(Path file, List<String> arrays, @Nullable String array) {
    if (array == null && arrays.size() == 1) {
      return arrays.get(0);
    }
    if (array != null && arrays.contains(array)) {
      return array;
    }
    String there = arrays.isEmpty() ? "it holds no array" : "it holds " + Excerpt.of(arrays);
    if (array == null) {
      throw new DataException(file + ": " + there + "; name one, as in " + file + ":ARRAY");
    }
    throw new DataException(file + ": has no array " + array + "; " + there);
  }
}
