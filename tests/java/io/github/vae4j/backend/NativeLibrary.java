// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Loader;

/** libvae4j, as programs of native/tests link it. */
public final class NativeLibrary {
  private static final Path NATIVE = Path.of("native").toAbsolutePath();

  private NativeLibrary() {}

  private static Path library() throws Exception {
    Class<?> bindings = Class.forName("io.github.vae4j.backend.cpu.Native");
    return Path.of(Loader.load(bindings)).resolveSibling("libvae4j.so");
  }

  /** A library of oneDNN's jar, on disk. */
  private static Path oneDnn(String name) throws IOException {
    return Loader.cacheResource("/org/bytedeco/dnnl/linux-x86_64/" + name).toPath();
  }

  /** The folders of the libraries, for LD_LIBRARY_PATH. */
  public static String folders() {
    try {
      return library().getParent() + ":" + oneDnn("libdnnl.so.3").getParent();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Compiles native/tests/NAME.c to a program of that name in a folder. */
  public static void compileC99(Path folder, String name) throws Exception {
    new Programs(folder)
        .run(
            Map.of(),
            List.of(
                "gcc",
                "-std=c99",
                "-Wall",
                "-Wextra",
                "-pedantic",
                "-Werror",
                "-pthread",
                "-I" + NATIVE.resolve("include"),
                NATIVE.resolve("tests/" + name + ".c").toString(),
                "-o",
                folder.resolve(name).toString(),
                library().toString(),
                oneDnn("libdnnl.so.3").toString(),
                oneDnn("libgomp.so.1").toString()));
  }
}
