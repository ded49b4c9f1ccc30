// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.vae4j.Programs;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;

/**
 * The archive of native/package.sh, which a test packs and unpacks.
 *
 * @param folder of the archive and of what is unpacked
 */
record NativePackage(Path folder) {
  private static String name() {
    Loader.load(Native.class);
    return "vae4j-" + Native.vae4j_version() + "-linux-x86_64";
  }

  Path archive() {
    return folder.resolve(name() + ".tar.gz");
  }

  Path unpacked() {
    return folder.resolve(name());
  }

  void packAndUnpack() throws Exception {
    pack(archive(), Map.of());
    run(List.of("tar", "-xzf", archive().toString(), "-C", folder.toString()));
  }

  void pack(Path archive, Map<String, String> environment) throws Exception {
    Map<String, String> all = new HashMap<>(environment);
    all.put(
        "BUILD_PATH", Loader.cacheResource("/org/bytedeco/dnnl/linux-x86_64/").toPath().toString());
    new Programs(folder)
        .run(
            all,
            List.of(
                "bash",
                Path.of("native/package.sh").toAbsolutePath().toString(),
                Path.of("target/native/libvae4j.so.0").toAbsolutePath().toString(),
                archive.toString(),
                Native.vae4j_version(),
                "2026-11-23T00:00:00Z"));
  }

  String run(List<String> command) throws Exception {
    return new Programs(folder).run(Map.of(), command);
  }

  static boolean missing(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .noneMatch(path -> Files.isExecutable(Path.of(path, program)));
  }

  static void needs(String program) {
    assumeTrue(!missing(program), () -> program + " is not installed: this use is not tested");
  }
}
