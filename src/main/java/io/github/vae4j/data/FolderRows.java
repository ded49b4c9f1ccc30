// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.VaeException;
import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a folder of pictures: in memory, or in the file of {@link PictureCache}, where they
 * are kept if the folder's files are large, and if the rows do not fit into memory.
 *
 * @param shape of a row
 * @param source of the rows
 * @param remarks on the pictures
 */
record FolderRows(ImageShape shape, RowSource source, List<String> remarks) {
  /** Files of so many bytes in all take seconds to decode. */
  private static final long KEPT_BYTES = 1 << 26;

  private static final double MEBIBYTE = 1 << 20;

  /** Finds or decodes the rows. */
  static FolderRows of(String name, Path folder, ImageTree tree, OpenOptions options) {
    Integer asked = options.pictures().channels();
    PictureCache cache = PictureCache.of(folder, tree, options.pictures());
    PictureCache.Cached cached = cache.find(asked);
    if (cached != null) {
      return kept(name, cache, cached, options);
    }
    List<Path> files = tree.images().stream().map(image -> folder.resolve(image.path())).toList();
    PictureSet pictures = PictureSet.of(name, files, options.pictures());
    int channels = pictures.shape().channels();
    boolean fits = (long) files.size() * pictures.shape().features() <= options.residentBytes();
    long bytes = tree.images().stream().mapToLong(ImageTree.Image::bytes).sum();
    Path file = fits && bytes < KEPT_BYTES ? null : cache.file(channels);
    // The channels that the files suggest may have been asked for by another command.
    cached = file == null ? null : cache.find(channels);
    if (cached != null) {
      return kept(name, cache, cached, options);
    }
    return file == null
        ? inMemory(name, pictures, files.size(), null)
        : written(name, cache, file, pictures, files.size(), fits, options);
  }

  private static FolderRows written(
      String name,
      PictureCache cache,
      Path file,
      PictureSet pictures,
      int count,
      boolean fits,
      OpenOptions options) {
    boolean stale;
    try {
      stale = cache.deleteStale() || Files.exists(file);
      cache.write(file, pictures, options.pictures().channels() == null);
    } catch (DataException e) {
      throw e;
    } catch (VaeException e) {
      String problem =
          ": its decoded pictures are not kept: "
              + e.getMessage()
              + "; name another folder by -D"
              + PictureCache.PROPERTY
              + "=FOLDER";
      if (!fits) {
        throw new DataException(
            name + ": does not fit into memory, and " + problem.substring(2), e);
      }
      return inMemory(name, pictures.anew(), count, name + problem);
    }
    PictureCache.Cached cached = cache.find(pictures.shape().channels());
    if (cached == null) {
      throw new DataException(
          name
              + ": "
              + file
              + " with its decoded pictures was changed by another process; try again");
    }
    String why =
        stale
            ? ": the decoded pictures of an earlier state are replaced by those of the present one in "
            : ": its decoded pictures are kept for later commands in ";
    return kept(name, cache, cached, options)
        .with(
            String.format(
                Locale.ROOT,
                "%s%s%s, %.1f MiB (-D%s=none keeps none)",
                name,
                why,
                file,
                cached.bytes() / MEBIBYTE,
                PictureCache.PROPERTY));
  }

  private static FolderRows kept(
      String name, PictureCache cache, PictureCache.Cached cached, OpenOptions options) {
    RowSource rows = cache.rows(name, cached, options.residentBytes());
    return new FolderRows(cached.shape(), rows, cached.remarks());
  }

  private static FolderRows inMemory(
      String name, PictureSet pictures, int count, @Nullable String remark) {
    HeapRows rows = new HeapRows(name, DType.UINT8, pictures.shape().features());
    rows.reserve(count);
    pictures.decode(0, count, (row, pixels) -> rows.put(row, ByteBuffer.wrap(pixels), 0));
    FolderRows decoded = new FolderRows(pictures.shape(), rows.build(count), pictures.remarks());
    return remark == null ? decoded : decoded.with(remark);
  }

  private FolderRows with(String remark) {
    List<String> more = new ArrayList<>(remarks);
    more.add(remark);
    return new FolderRows(shape, source, List.copyOf(more));
  }
}
