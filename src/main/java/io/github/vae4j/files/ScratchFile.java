// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Bytes that do not fit into memory, in a file without a name: it is deleted when it is opened, so
 * that nothing is left of it after any end of the process. Its disk space is free again when it is
 * closed and its mappings are garbage.
 */
public final class ScratchFile implements AutoCloseable {
  /** The system property with the folder of such files. */
  public static final String FOLDER_PROPERTY = "vae4j.data.scratch";

  private final FileChannel channel;

  private ScratchFile(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Opens an empty file in the folder of {@value #FOLDER_PROPERTY}, else in that of java.io.tmpdir.
   *
   * @return the file; the caller closes it
   * @throws IOException if it cannot be created
   */
  public static ScratchFile open() throws IOException {
    String folder = System.getProperty(FOLDER_PROPERTY, System.getProperty("java.io.tmpdir", "."));
    Path path = Files.createTempFile(Path.of(folder), "vae4j", ".rows");
    FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // A system that does not delete open files deletes it when it is closed.
      return new ScratchFile(channel);
    }
    return new ScratchFile(channel);
  }

  /**
   * Appends bytes.
   *
   * @param bytes from its position to its limit
   * @throws IOException if the disk is full, for example
   */
  public void append(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /**
   * Maps a part for reading.
   *
   * @param from the first byte
   * @param count the number of bytes
   * @return the part, in native order; valid after this file is closed
   * @throws IOException if it cannot be mapped
   */
  public ByteBuffer map(long from, long count) throws IOException {
    return channel.map(FileChannel.MapMode.READ_ONLY, from, count).order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
