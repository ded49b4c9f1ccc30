// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.vae4j.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which processors, systems and libraries libvae4j needs, and which symbols it shows. */
final class NativeLibraryTest {
  private static final Path EMBEDDED = Path.of("target/native/libvae4j.so.0").toAbsolutePath();

  /** The newest glibc whose headers do not raise the version that the library needs. */
  private static final int[] GLIBC_OF_RELEASES = {2, 36};

  /** Of a symbol that another library defines, in the notation of nm. */
  private static final Pattern UNDEFINED = Pattern.compile("(?m)^ +U (.*)$");

  private static final Pattern ELSEWHERE =
      Pattern.compile("dnnl_\\w+|.*@(GLIBC|GLIBCXX|CXXABI|GCC|GOMP|OMP)_[0-9.]+");

  private static final Pattern FUNCTION = Pattern.compile("^[0-9a-f]+ <(.*)>:$");
  private static final Pattern INSTRUCTION = Pattern.compile("^ +[0-9a-f]+:\t(\\S+).*");

  /**
   * Instructions that a processor of x86-64 may lack: AVX and its masks, SSE3 to SSE4.2, BMI and
   * later ones. Not prefetchw and tzcnt, which an older processor executes as others.
   */
  private static final Pattern LATER =
      Pattern.compile(
          "v.*|\\{.*|k(mov|and|or|xor|xnor|not|unpck|shift|test|add).*"
              + "|(addsub|hadd|hsub)p[sd]|lddqu|mov(d|sh|sl)dup|pabs[bwd]|palignr|ph(add|sub).*"
              + "|pmaddubsw|pmulhrsw|pshufb|psign[bwd]|p?blend.*|dpp[sd]|extractps|insertps"
              + "|movntdqa|mpsadbw|packusdw|pcmpeqq|pcmpgtq|pcmp[ei]str.*|pextr[bdq]|phminposuw"
              + "|pinsr[bdq]|pmax(sb|sd|ud|uw)|pmin(sb|sd|ud|uw)|pmov[sz]x.*|pmuldq|pmulld|ptest"
              + "|round[ps][sd]|crc32.*|popcnt|lzcnt|andn|bextr|bls(i|r|msk)|pdep|pext|bzhi|mulx"
              + "|rorx|sarx|shlx|shrx|movbe|ad[co]x|cmpxchg16b|aes.*|pclmul.*|rdrand|rdseed|sha.*");

  @TempDir Path folder;

  private String tool(String... command) throws Exception {
    return new Programs(folder).run(Map.of("LC_ALL", "C"), List.of(command));
  }

  private static Path oneDnn(String name) throws IOException {
    return Loader.cacheResource("/org/bytedeco/dnnl/linux-x86_64/" + name).toPath();
  }

  /** The library of the jar and that of the package for C. */
  static Stream<Path> libraries() {
    return Stream.of(Path.of(Loader.load(Native.class)).resolveSibling("libvae4j.so"), EMBEDDED);
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void onlyTheApiIsVisible(Path library) throws Exception {
    List<String> other =
        tool("nm", "-D", "--defined-only", library.toString())
            .lines()
            .filter(line -> !line.matches("[0-9a-f]+ T vae4j_\\w+"))
            .toList();
    assertEquals(List.of(), other);
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void itTakesSymbolsOfTheListedLibrariesOnly(Path library) throws Exception {
    assertEquals(
        Set.of(
            "libdnnl.so.3",
            "libgomp.so.1",
            "libstdc++.so.6",
            "libm.so.6",
            "libgcc_s.so.1",
            "libc.so.6",
            "ld-linux-x86-64.so.2"),
        needed(library));
    Set<String> others = new TreeSet<>();
    Matcher undefined = UNDEFINED.matcher(tool("nm", "-D", library.toString()));
    while (undefined.find()) {
      if (!ELSEWHERE.matcher(undefined.group(1)).matches()) {
        others.add(undefined.group(1));
      }
    }
    assertEquals(Set.of(), others);
  }

  private Set<String> needed(Path library) throws Exception {
    Set<String> names = new TreeSet<>();
    Matcher matcher =
        Pattern.compile("\\(NEEDED\\) +Shared library: \\[(.*)]")
            .matcher(tool("readelf", "-dW", library.toString()));
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  /** Stays below the versions of the table in docs/embedding.md. */
  @ParameterizedTest
  @ValueSource(strings = {"libvae4j.so", "libdnnl.so.3", "libgomp.so.1"})
  void itLoadsWhereTheDocumentSays(String name) throws Exception {
    String[] built = tool("getconf", "GNU_LIBC_VERSION").strip().split(" ", -1);
    assumeTrue(
        Arrays.compare(numbers(built[1]), GLIBC_OF_RELEASES) <= 0,
        () -> "glibc " + built[1] + " is newer than that of releases: the library may need it");
    Matcher row =
        Pattern.compile(
                "(?m)^\\| `" + Pattern.quote(name) + "` \\| (\\S+) \\| (\\S+) \\| (\\S+) \\|")
            .matcher(Files.readString(Path.of("docs/embedding.md")));
    assertTrue(row.find(), "docs/embedding.md has no row for " + name);
    Path library = name.equals("libvae4j.so") ? EMBEDDED : oneDnn(name);
    String needs = tool("readelf", "-VW", library.toString());
    List<String> kinds = List.of("GLIBC", "GLIBCXX", "CXXABI");
    for (int i = 0; i < kinds.size(); i++) {
      String stated = row.group(i + 1);
      Matcher need = Pattern.compile("Name: " + kinds.get(i) + "_([0-9.]+)").matcher(needs);
      while (need.find()) {
        String version = need.group(1);
        assertTrue(
            !stated.equals("-") && Arrays.compare(numbers(version), numbers(stated)) <= 0,
            () ->
                name
                    + " needs a version "
                    + version
                    + " above the stated "
                    + stated
                    + "; native/src/glibc.hpp can name an earlier one. nm -D shows the symbol");
      }
    }
  }

  private static int[] numbers(String version) {
    return Stream.of(version.split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
  }

  /**
   * A function of all processors would be one of the last if a template were compiled for both and
   * the linker kept the wrong one, so that the linked library is looked at, and not its parts.
   */
  @Test
  void onlyTheLoopsOfLaterProcessorsHaveTheirInstructions() throws Exception {
    Map<String, Set<String>> wrong = new TreeMap<>();
    String function = "";
    int later = 0;
    for (String line :
        tool("objdump", "-d", "--no-show-raw-insn", EMBEDDED.toString()).lines().toList()) {
      Matcher head = FUNCTION.matcher(line);
      if (head.matches()) {
        function = head.group(1);
        continue;
      }
      Matcher instruction = INSTRUCTION.matcher(line);
      if (!instruction.matches() || !LATER.matcher(instruction.group(1)).matches()) {
        continue;
      }
      later++;
      if (!function.contains("avx2") && !function.contains("avx512")) {
        wrong.computeIfAbsent(function, name -> new TreeSet<>()).add(instruction.group(1));
      }
    }
    assertEquals(Map.of(), wrong);
    assertTrue(later > 10_000, later + " instructions of AVX2 and AVX-512");
  }
}
