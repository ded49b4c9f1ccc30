// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import io.github.vae4j.VaeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The kernels on the class path: CUDA sources and their headers, in the main jar, and their
 * compiled forms, in the jar with the classifier kernels.
 */
public final class KernelSources {
  private static final String FOLDER = "/io/github/vae4j/kernels/";
  private static final Pattern INCLUDE = Pattern.compile("(?m)^#include \"([\\w.]+)\"");

  private KernelSources() {}

  /** The source of compiled modules. */
  @FunctionalInterface
  public interface Images {
    /**
     * Finds a compiled module.
     *
     * @param name its file's name, as in {@code ptx/gather.ptx}
     * @return the module; null if there is none
     */
    byte @Nullable [] image(String name);
  }

  /**
   * A source with its headers.
   *
   * @param name the file's name
   * @param text its text
   * @param headers the text of each included header, by name, in the order of inclusion
   */
  public record Source(String name, String text, Map<String, String> headers) {
    /**
     * The hash of the source with its headers.
     *
     * @return in hexadecimal digits
     */
    public String hash() {
      return KernelCache.key(this, List.of(), "");
    }
  }

  /**
   * The source of a module.
   *
   * @param module as in {@code gather} for gather.cu
   * @return the source
   */
  public static Source source(String module) {
    String name = module + ".cu";
    String text = text(name);
    Map<String, String> headers = new LinkedHashMap<>();
    addHeaders(text, headers);
    return new Source(name, text, headers);
  }

  /**
   * Whether the jar holds a module's source.
   *
   * @param name the module's
   * @return whether it does
   */
  public static boolean exists(String name) {
    return image(name + ".cu") != null;
  }

  /**
   * A compiled module.
   *
   * @param name as in {@code sm_90/gather.cubin}
   * @return the module; null if there is none
   */
  public static byte @Nullable [] image(String name) {
    try (InputStream in = open(FOLDER + name)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A class of a module finds only the resources of its own jar; compiled kernels are in another
   * jar.
   */
  private static @Nullable InputStream open(String path) {
    InputStream own = KernelSources.class.getResourceAsStream(path);
    return own != null
        ? own
        : KernelSources.class.getClassLoader().getResourceAsStream(path.substring(1));
  }

  private static void addHeaders(String text, Map<String, String> headers) {
    Matcher include = INCLUDE.matcher(text);
    while (include.find()) {
      String name = include.group(1);
      if (!headers.containsKey(name)) {
        String header = text(name);
        headers.put(name, header);
        addHeaders(header, headers);
      }
    }
  }

  private static String text(String name) {
    byte[] bytes = image(name);
    if (bytes == null) {
      throw new VaeException("kernel source " + name + " is not on the class path" + FOLDER);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
