// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vae4j.backend.CommunicatingCases;
import io.github.vae4j.backend.CommunicatingCases.Case;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.cuda.driver.KernelBuild;
import io.github.vae4j.backend.cuda.driver.KernelSources;
import io.github.vae4j.cudasim.CudaSim;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kernels give the same bits for any interleaving of their blocks and warps, and accesses of
 * several threads to one place in global memory are ordered by PTX's memory model.
 */
@Tag("cuda")
@Tag("cudasim")
@ExtendWith(EmulatedDevice.class)
final class InterleavedOpsTest {
  /** The bytes of global memory that a checked launch may access; more than any case does. */
  static final long SHADOW = 64 << 20;

  /** The instructions of threads that communicate through global memory. */
  private static final Pattern COMMUNICATES =
      Pattern.compile("\\b(?:membar|fence|atom|red|bar\\.warp|ld\\.volatile|ld\\.acquire)\\.");

  private static final Pattern BLOCKS_COMMUNICATE = Pattern.compile("\\b(?:atom|red)\\.global");
  private static final int SEEDS = 100;
  private static final long TABLE_WORK = 40_000;

  private final CudaBackend backend = CudaBackend.open(Precision.FP32);

  @AfterEach
  void oneBlockAfterTheOther() {
    CudaSim.setOption("interleave", 0);
    CudaSim.setOption("shadow", 0);
    CudaSim.profileKernels(false);
    assertEquals(0, backend.open());
    backend.close();
  }

  static List<Case> communicating() {
    return CommunicatingCases.all();
  }

  static List<Case> ofTheTable() {
    return CommunicatingCases.largestOfTheTable(TABLE_WORK);
  }

  @Test
  void eachKernelThatCommunicatesHasACase() throws IOException {
    TreeSet<String> communicating = new TreeSet<>();
    for (String module : KernelBuild.modules()) {
      if (COMMUNICATES.matcher(ptx(module)).find()) {
        communicating.add(module);
      }
    }
    TreeSet<String> tested = new TreeSet<>();
    communicating().forEach(c -> tested.add(c.module()));
    assertEquals(communicating, tested, "cases of CommunicatingCases, by module");
  }

  @ParameterizedTest
  @MethodSource("communicating")
  void blocksThatTakeTurnsGiveTheSameBits(Case opCase) {
    List<List<Byte>> inOrder = opCase.run(backend);
    CudaSim.profileKernels(true);
    assertSame(opCase, inOrder, 1);
    JsonNode kernels = CudaSim.profile().get("kernels");
    long most =
        Stream.of(kernels)
            .flatMap(all -> all.properties().stream())
            .filter(kernel -> kernel.getKey().startsWith(opCase.module()))
            .mapToLong(kernel -> kernel.getValue().get("blocks").asLong())
            .max()
            .orElse(0);
    boolean blocks = BLOCKS_COMMUNICATE.matcher(ptx(opCase.module())).find();
    assertTrue(most >= (blocks ? 4 : 1), opCase + " runs its kernel with " + most + " blocks");
  }

  @ParameterizedTest
  @MethodSource("ofTheTable")
  void theOtherKernelsTooGiveTheSameBits(Case opCase) {
    assertSame(opCase, opCase.run(backend), 1);
  }

  @Tag("long")
  @Tag("switches")
  @ParameterizedTest
  @MethodSource("communicating")
  void whateverTheSeed(Case opCase) {
    List<List<Byte>> inOrder = opCase.run(backend);
    for (int seed = 2; seed <= SEEDS; seed++) {
      assertSame(opCase, inOrder, seed);
    }
  }

  private void assertSame(Case opCase, List<List<Byte>> inOrder, int seed) {
    CudaSim.setOption("shadow", SHADOW);
    CudaSim.setOption("interleave", seed);
    CudaSim.resetCounts();
    List<List<Byte>> inTurns = opCase.run(backend);
    JsonNode counts = CudaSim.profile();
    CudaSim.setOption("interleave", 0);
    CudaSim.setOption("shadow", 0);
    assertEquals("", CudaSim.report(), opCase + ", seed " + seed);
    assertEquals(inOrder, inTurns, opCase + ", seed " + seed);
    assertEquals(
        counts.get("launches").asInt() - counts.get("matmuls").asInt(),
        counts.get("judgedLaunches").asInt(),
        opCase + ": launches whose accesses were judged to the end");
  }

  private static String ptx(String module) {
    byte[] image = KernelSources.image("ptx/" + module + ".ptx");
    return image == null ? "" : new String(image, StandardCharsets.UTF_8);
  }
}
