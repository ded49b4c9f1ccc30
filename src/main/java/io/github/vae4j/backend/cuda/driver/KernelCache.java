// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import io.github.vae4j.VaeException;
import io.github.vae4j.files.AtomicFiles;
import io.github.vae4j.files.Sha256;
import io.github.vae4j.files.UserFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cache on disk for results of this machine, one file each, named by the hash of all inputs of
 * the result: for NVRTC's cubins source, headers, options and compiler version. A result that
 * cannot be read or written is made again.
 */
public final class KernelCache {
  /** The system property that moves the cache. */
  static final String FOLDER_PROPERTY = "vae4j.cuda.cache";

  private static final Logger LOG = LoggerFactory.getLogger(KernelCache.class);

  private static final AtomicBoolean SAID = new AtomicBoolean();

  private final Path folder;
  private final String suffix;

  KernelCache(Path folder) {
    this(folder, ".cubin");
  }

  private KernelCache(Path folder, String suffix) {
    this.folder = folder;
    this.suffix = suffix;
  }

  /** The cache of this user. */
  static KernelCache ofUser() {
    String given = System.getProperty(FOLDER_PROPERTY);
    if (given != null) {
      return new KernelCache(Path.of(given));
    }
    Path caches = UserFolders.caches();
    // Never a folder of the name "?" in the present folder: nothing can be stored here.
    Path root = caches == null ? Path.of("/dev/null/vae4j") : caches;
    return new KernelCache(root.resolve("kernels"));
  }

  /**
   * The cache of choices by measurement of this user's processes, each a text file.
   *
   * @return the cache
   */
  public static KernelCache choicesOfUser() {
    return new KernelCache(ofUser().folder.resolve("choices"), ".txt");
  }

  /**
   * The key of the result for a text.
   *
   * @param text has all inputs of the result
   * @return its hash
   */
  public static String key(String text) {
    MessageDigest digest = Sha256.begin();
    add(digest, text);
    return Sha256.hex(digest);
  }

  /** The key of a compilation's result. */
  static String key(KernelSources.Source source, List<String> options, String compiler) {
    MessageDigest digest = Sha256.begin();
    add(digest, compiler);
    options.forEach(option -> add(digest, option));
    add(digest, source.name());
    add(digest, source.text());
    source
        .headers()
        .forEach(
            (name, text) -> {
              add(digest, name);
              add(digest, text);
            });
    return Sha256.hex(digest);
  }

  /**
   * Reads a stored result.
   *
   * @param key its name
   * @return the content; null if there is none
   */
  public byte @Nullable [] get(String key) {
    try {
      return Files.readAllBytes(file(key));
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      LOG.debug("kernel cache: {} is not readable", file(key), e);
      return null;
    }
  }

  /**
   * Stores a result atomically.
   *
   * @param key its name
   * @param image the content
   */
  public void put(String key, byte[] image) {
    try {
      Files.createDirectories(folder);
      AtomicFiles.write(file(key), out -> out.write(image));
    } catch (IOException | VaeException e) {
      if (!SAID.getAndSet(true)) {
        LOG.warn(
            "compiled kernels and measured choices are not kept: {} cannot be written ({}); they are"
                + " made again at each start. -D{}=FOLDER names another folder",
            folder,
            e.toString(),
            FOLDER_PROPERTY);
      }
    }
  }

  private Path file(String key) {
    return folder.resolve(key + suffix);
  }

  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }
}
