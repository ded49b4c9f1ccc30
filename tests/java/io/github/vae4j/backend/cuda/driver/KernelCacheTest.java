// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.cuda.driver.KernelSources.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KernelCacheTest {
  private static final List<String> OPTIONS = List.of("--gpu-architecture=sm_90");

  @TempDir Path folder;

  @Test
  void keepsWhatIsPutAndNothingElse() throws IOException {
    Path below = folder.resolve("not/there/yet");
    KernelCache cache = new KernelCache(below);
    assertNull(cache.get("a"));
    cache.put("a", new byte[] {1, 2, 3});
    assertArrayEquals(new byte[] {1, 2, 3}, cache.get("a"));
    assertNull(cache.get("b"));
    cache.put("a", new byte[] {4});
    assertArrayEquals(new byte[] {4}, cache.get("a"));
    try (Stream<Path> files = Files.list(below)) {
      assertEquals(List.of("a.cubin"), files.map(f -> f.getFileName().toString()).toList());
    }
  }

  @Test
  void anUnusableFolderIsNoError() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    KernelCache cache = new KernelCache(file);
    cache.put("a", new byte[] {1});
    assertNull(cache.get("a"));
  }

  @Test
  void theKeyTellsAllApartThatDecidesTheResult() {
    Source source = new Source("k.cu", "text", Map.of("h.cuh", "header"));
    Set<String> keys = new HashSet<>();
    keys.add(KernelCache.key(source, OPTIONS, "13.1"));
    keys.add(KernelCache.key(source, OPTIONS, "13.2"));
    keys.add(KernelCache.key(source, List.of("--gpu-architecture=sm_80"), "13.1"));
    keys.add(KernelCache.key(source, List.of("--gpu-architecture=", "sm_90"), "13.1"));
    keys.add(KernelCache.key(new Source("l.cu", "text", source.headers()), OPTIONS, "13.1"));
    keys.add(KernelCache.key(new Source("k.cu", "texts", source.headers()), OPTIONS, "13.1"));
    keys.add(
        KernelCache.key(new Source("k.cu", "text", Map.of("h.cuh", "other")), OPTIONS, "13.1"));
    keys.add(KernelCache.key(new Source("k.cu", "text", Map.of()), OPTIONS, "13.1"));
    assertEquals(8, keys.size());
    assertEquals(
        KernelCache.key(source, OPTIONS, "13.1"),
        KernelCache.key(new Source("k.cu", "text", Map.of("h.cuh", "header")), OPTIONS, "13.1"));
  }

  @Test
  void aSourceBringsTheHeadersOfItsHeaders() {
    Source source = KernelSources.source("gather");
    assertTrue(source.text().contains("gather_uint8"));
    assertEquals(
        Set.of("control.cuh", "dependent.cuh", "permutation.cuh", "philox.cuh", "vector.cuh"),
        source.headers().keySet());
    assertNotEquals("", source.headers().get("philox.cuh"));
  }
}
