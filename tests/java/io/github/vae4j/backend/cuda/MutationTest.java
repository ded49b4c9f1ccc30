// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.CommunicatingCases;
import io.github.vae4j.backend.CommunicatingCases.Case;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.cuda.driver.CudaException;
import io.github.vae4j.backend.cuda.driver.KernelBuild;
import io.github.vae4j.backend.cuda.driver.KernelSources;
import io.github.vae4j.cudasim.CudaSim;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The kernels need their fences, waits and atomics, and the emulated device detects that: each of
 * them is removed in turn, and in each module that it changes the device reports an error or a
 * launch gives other bits.
 */
@Tag("cuda")
@Tag("cudasim")
@ExtendWith(EmulatedDevice.class)
final class MutationTest {
  private static final int SEEDS = 3;
  private static final long OPERATIONS = 2_000_000;
  private static final long DEFAULT_OPERATIONS = 1L << 29;

  /** Lines that name places of the source, and the version, which a build may have rewritten. */
  private static final Pattern NOT_CODE =
      Pattern.compile("(?m)^\\s*(?:\\.(?:loc|file|version)\\b|//).*\\R");

  private static final String PTX = "ptx/%s.ptx";

  @BeforeEach
  void quiet() {
    CudaSim.setOption("quiet", 1);
    CudaSim.setOption("oplimit", OPERATIONS);
  }

  @AfterEach
  void loud() {
    CudaSim.setOption("oplimit", DEFAULT_OPERATIONS);
    CudaSim.setOption("interleave", 0);
    CudaSim.setOption("shadow", 0);
  }

  @TestFactory
  Stream<DynamicTest> nothingCanBeTakenOut() throws IOException {
    Map<String, KernelSources.Source> modules = modules();
    List<Mutation> mutations = Mutation.of(files(modules));
    assertTrue(mutations.size() >= 10, () -> "found only " + mutations);
    return mutations.stream()
        .map(m -> DynamicTest.dynamicTest(m.toString(), () -> isSeen(m, modules)));
  }

  @Test
  void mutationsAreFoundByTheirForm() {
    Map<String, String> files = new TreeMap<>();
    files.put(
        "a.cuh",
        """
        __device__ void fence() {
          asm volatile("fence.acq_rel.gpu;" ::: "memory");
        }
        __device__ unsigned load(unsigned* p) {
          unsigned v;
          asm volatile("ld.acquire.gpu.global.u32 %0, [%1];" : "=r"(v) : "l"(p));
          return v;
        }
        """);
    files.put(
        "b.cu",
        """
        // __threadfence(); in a comment
        __threadfence();
        fence();
        while (load(ready) == 0u) {
          __nanosleep(64);
        }
        while (*(volatile unsigned*)ready == 0u);
        while (i < n) i++;
        __syncwarp();
        unsigned claimed = atomicAdd(counter, 1u);
        """);
    List<Mutation> found = Mutation.of(files);
    assertEquals(
        List.of(
            "a.cuh:2 asm volatile(\"fence.acq_rel.gpu;\" ::: \"memory\");",
            "a.cuh:6 .acquire",
            "b.cu:2 __threadfence();",
            "b.cu:3 fence();",
            "b.cu:9 __syncwarp();",
            "b.cu:4 while (load(ready) == 0u) { __nanosleep(64); }",
            "b.cu:7 while (*(volatile unsigned*)ready == 0u);",
            "b.cu:10 the atomicity of atomicAdd"),
        found.stream().map(m -> m.file() + ":" + m.line() + " " + m.what()).toList());
    assertTrue(found.get(7).text().contains("claimed = plainAdd(counter, 1u);"));
    assertTrue(found.get(1).text().contains("ld.relaxed.gpu.global"));
    assertFalse(found.get(5).text().contains("nanosleep"));
  }

  private void isSeen(Mutation mutation, Map<String, KernelSources.Source> modules) {
    int concerned = 0;
    for (KernelSources.Source source : modules.values()) {
      String module = source.name().replace(".cu", "");
      String name = PTX.formatted(module);
      KernelSources.Source mutated = mutation.in(source);
      if (mutated == null || !mutation.instruction().matcher(text(image(name))).find()) {
        continue;
      }
      byte[] ptx = KernelBuild.ptx(mutated, KernelBuild.PTX_ARCHITECTURE);
      if (code(ptx).equals(code(image(name)))) {
        continue;
      }
      concerned++;
      Case opCase =
          CommunicatingCases.all().stream()
              .filter(c -> c.module().equals(module))
              .findFirst()
              .orElseThrow(() -> new AssertionError("CommunicatingCases has none of " + module));
      assertNotEquals(List.of(), effects(opCase, name, ptx), mutation + " in " + opCase);
    }
    assertTrue(concerned > 0, () -> mutation + " changes no module's code: is it needed?");
  }

  /** The effects of a module's mutated PTX, for the first seed with an effect. */
  private static List<String> effects(Case opCase, String name, byte[] ptx) {
    List<String> seen = new ArrayList<>();
    List<List<Byte>> right = run(opCase, KernelSources::image, 0, seen);
    assertEquals(List.of(), seen, opCase + " as it is");
    for (int seed = 1; seed <= SEEDS && seen.isEmpty(); seed++) {
      List<List<Byte>> given =
          run(opCase, asked -> asked.equals(name) ? ptx : KernelSources.image(asked), seed, seen);
      if (seen.isEmpty() && !given.equals(right)) {
        seen.add("other bits");
      }
    }
    return seen;
  }

  /** Returns the outputs; adds the device's report of an error to {@code seen}. */
  private static List<List<Byte>> run(
      Case opCase, KernelSources.Images images, int seed, List<String> seen) {
    List<List<Byte>> outputs = List.of();
    @Nullable CudaException judged = null;
    try (CudaBackend backend = CudaBackend.open(Precision.FP32, images)) {
      CudaSim.setOption("interleave", seed);
      CudaSim.setOption("shadow", InterleavedOpsTest.SHADOW);
      outputs = opCase.run(backend);
    } catch (CudaException e) {
      judged = e;
    } finally {
      CudaSim.setOption("interleave", 0);
      CudaSim.setOption("shadow", 0);
    }
    String report = CudaSim.report();
    CudaSim.clearReport();
    // A reported error is fatal, and a context stays corrupt until its process ends.
    CudaSim.newProcess();
    if (judged != null) {
      boolean order =
          Stream.of("global memory race", "ld.global.nc", "does not end")
              .anyMatch(report::contains);
      assertTrue(order, () -> opCase + ": judged, but not for its order: " + report);
      seen.add(report);
    }
    return outputs;
  }

  private static Map<String, KernelSources.Source> modules() throws IOException {
    Map<String, KernelSources.Source> modules = new TreeMap<>();
    for (String module : KernelBuild.modules()) {
      modules.put(module, KernelSources.source(module));
    }
    return modules;
  }

  /** All sources and headers, by name. */
  private static Map<String, String> files(Map<String, KernelSources.Source> modules) {
    Map<String, String> files = new TreeMap<>();
    for (KernelSources.Source source : modules.values()) {
      files.put(source.name(), source.text());
      files.putAll(source.headers());
    }
    return files;
  }

  private static byte[] image(String name) {
    byte[] image = KernelSources.image(name);
    if (image == null) {
      throw new IllegalStateException(name + " is not built: mvn process-test-classes");
    }
    return image;
  }

  private static String text(byte[] image) {
    return new String(image, StandardCharsets.UTF_8);
  }

  private static String code(byte[] ptx) {
    String text = text(ptx);
    // Line tables follow the last function.
    int lines = text.indexOf("\t.section");
    return NOT_CODE.matcher(lines < 0 ? text : text.substring(0, lines)).replaceAll("");
  }
}
