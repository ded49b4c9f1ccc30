// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.files.AtomicFiles;
import io.github.vae4j.files.Sha256;
import io.github.vae4j.files.UserFolders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decoded pictures of a folder in one file, for later commands and for pictures that do not fit
 * into memory. The file has a key: the hash of the names, sizes and times of all files. Its name is
 * the hash of the folder, then that of the options. Where a file is written, those of the folder
 * with another key are deleted. Its parts: {@link #MAGIC}, the key (64 bytes), whether the channels
 * were chosen by the files, width, height, channels, rows (int each), zeros up to {@link #HEADER}
 * bytes, the rows, the remarks, a line each, and {@link #MAGIC}.
 */
final class PictureCache {
  /** The system property with the folder of caches, or "none". */
  static final String PROPERTY = "vae4j.data.cache";

  private static final String NONE = "none";
  private static final byte[] MAGIC = "vae4jPI1".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER = 128;
  private static final int KEY = 64;
  private static final int BLOCK_BYTES = 1 << 25;
  private static final int MOST_REMARKS = 1 << 20;
  private static final int NAME = 32;
  private static final String KIND = ".pictures";

  private final @Nullable Path folder;
  private final String source;
  private final String options;
  private final String key;
  private final int rows;

  /**
   * The contents of a file.
   *
   * @param file the file
   * @param bytes its size
   * @param chosen whether the number of channels was chosen by the files
   * @param shape of a row
   * @param remarks on the pictures
   */
  record Cached(Path file, long bytes, boolean chosen, ImageShape shape, List<String> remarks) {}

  private PictureCache(@Nullable Path folder, String source, String options, String key, int rows) {
    this.folder = folder;
    this.source = source;
    this.options = options;
    this.key = key;
    this.rows = rows;
  }

  /** The cache of a folder's pictures. */
  static PictureCache of(Path folder, ImageTree tree, PictureOptions options) {
    String given = System.getProperty(PROPERTY);
    Path caches = UserFolders.caches();
    Path place =
        given != null ? Path.of(given) : caches == null ? null : caches.resolve("pictures");
    StringBuilder state = new StringBuilder();
    for (ImageTree.Image image : tree.images()) {
      state.append('\n').append(image.path()).append('\t').append(image.bytes());
      state.append('\t').append(image.modified());
    }
    return new PictureCache(
        NONE.equals(given) ? null : place,
        hash(real(folder).toString()).substring(0, NAME),
        options.withChannels(null).toString(),
        hash(state.toString()),
        tree.images().size());
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      throw DataException.reading(folder.toString(), e);
    }
  }

  private static String hash(String text) {
    return Sha256.hex(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The file of pictures with so many channels; null if nothing is to be kept. */
  @Nullable Path file(int channels) {
    return folder == null
        ? null
        : folder.resolve(source + "-" + hash(options + "\n" + channels).substring(0, NAME) + KIND);
  }

  /**
   * Finds decoded pictures.
   *
   * @param channels the number of channels; null for the number that the files suggest
   * @return null if there are none of the folder's present state
   */
  @Nullable Cached find(@Nullable Integer channels) {
    if (channels != null) {
      return open(file(channels), channels, false);
    }
    Cached colour = open(file(3), 3, true);
    return colour == null ? open(file(1), 1, true) : colour;
  }

  /**
   * Deletes the decoded pictures of earlier states of the folder.
   *
   * @return whether there were some
   */
  boolean deleteStale() {
    if (folder == null || !Files.isDirectory(folder)) {
      return false;
    }
    boolean deleted = false;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, source + "-*" + KIND)) {
      for (Path file : files) {
        if (!key.equals(keyOf(file))) {
          AtomicFiles.deleteQuietly(file);
          deleted = true;
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // A folder that cannot be listed keeps its files.
      return deleted;
    }
    return deleted;
  }

  private static String keyOf(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new String(bytes(channel, MAGIC.length, KEY).array(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      // A file that cannot be read has no state.
      return "";
    }
  }

  private @Nullable Cached open(@Nullable Path file, int channels, boolean mustBeChosen) {
    if (file == null || !Files.isRegularFile(file)) {
      return null;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer header = bytes(channel, 0, HEADER);
      byte[] magic = new byte[MAGIC.length];
      byte[] own = new byte[KEY];
      header.get(magic).get(own);
      int flag = header.getInt();
      boolean chosen = flag == 1;
      boolean same =
          new String(own, StandardCharsets.US_ASCII).equals(key)
              && Arrays.equals(magic, MAGIC)
              && (chosen || (flag == 0 && !mustBeChosen));
      if (!same) {
        return null;
      }
      ImageShape shape = new ImageShape(header.getInt(), header.getInt(), header.getInt());
      long end = HEADER + (long) rows * shape.features();
      long more = channel.size() - MAGIC.length - end;
      if (header.getInt() != rows
          || shape.channels() != channels
          || more < 0
          || more > MOST_REMARKS) {
        return null;
      }
      byte[] rest = bytes(channel, end, (int) more + MAGIC.length).array();
      String text = new String(rest, StandardCharsets.UTF_8);
      String last = new String(MAGIC, StandardCharsets.US_ASCII);
      if (!text.endsWith(last)) {
        return null;
      }
      List<String> remarks = text.substring(0, text.length() - last.length()).lines().toList();
      return new Cached(file, channel.size(), chosen, shape, remarks);
    } catch (IOException | IllegalArgumentException e) {
      // A file that cannot be read is written anew.
      return null;
    }
  }

  private static ByteBuffer bytes(FileChannel channel, long from, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, from + bytes.position()) < 0) {
        throw new IOException("it ends early");
      }
    }
    return bytes.flip();
  }

  /**
   * Decodes pictures into the file.
   *
   * @param file of {@link #file}
   * @param chosen whether the number of channels was chosen by the files
   * @throws io.github.vae4j.VaeException if the file cannot be written
   */
  void write(Path file, PictureSet pictures, boolean chosen) {
    AtomicFiles.createFolderOf(file);
    ImageShape shape = pictures.shape();
    AtomicFiles.write(
        file,
        out -> {
          ByteBuffer header = ByteBuffer.allocate(HEADER);
          header.put(MAGIC).put(key.getBytes(StandardCharsets.US_ASCII)).putInt(chosen ? 1 : 0);
          header.putInt(shape.width()).putInt(shape.height()).putInt(shape.channels());
          out.write(header.putInt(rows).array());
          int rowBytes = shape.features();
          int perBlock = Math.max(1, Math.min(rows, BLOCK_BYTES / rowBytes));
          byte[] block = Heap.allocate(file.toString(), perBlock * rowBytes).array();
          for (int first = 0; first < rows; first += perBlock) {
            int from = first;
            int count = Math.min(perBlock, rows - first);
            pictures.decode(
                first,
                count,
                (row, pixels) ->
                    System.arraycopy(pixels, 0, block, (row - from) * rowBytes, rowBytes));
            out.write(block, 0, count * rowBytes);
          }
          out.write(String.join("\n", pictures.remarks()).getBytes(StandardCharsets.UTF_8));
          out.write(MAGIC);
        });
  }

  /** The rows of a file, in memory if they have at most so many bytes. */
  RowSource rows(String name, Cached cached, long residentBytes) {
    int features = cached.shape.features();
    try (FileChannel channel = FileChannel.open(cached.file, StandardOpenOption.READ)) {
      if ((long) rows * features > residentBytes) {
        return ChunkedRows.map(
            channel, HEADER, rows, features, ElementType.UINT8, ByteOrder.nativeOrder());
      }
      HeapRows heap = new HeapRows(name, ElementType.UINT8.type(), features);
      heap.reserve(rows);
      int perBlock = Math.max(1, Math.min(rows, BLOCK_BYTES / features));
      for (int first = 0; first < rows; first += perBlock) {
        int count = Math.min(perBlock, rows - first);
        ByteBuffer block = bytes(channel, HEADER + (long) first * features, count * features);
        for (int i = 0; i < count; i++) {
          heap.put(first + i, block, i * features);
        }
      }
      return heap.build(rows);
    } catch (IOException e) {
      throw DataException.reading(cached.file.toString(), e);
    }
  }
}
