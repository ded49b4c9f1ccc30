// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.cuda.driver.KernelBuild;
import io.github.vae4j.backend.cuda.driver.KernelSources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every kernel compiles for every architecture, without spills or a stack, by the output of ptxas
 * in {@link KernelBuild} (which fails on a warning).
 */
@Tag("cuda")
final class KernelCompileTest {
  /** The registers that an SM has for each of 1024 resident threads. */
  private static final int MAX_REGISTERS = 64;

  /**
   * Kernels whose threads hold the sums of many products, and the registers that a thread may have.
   */
  private static final Pattern OF_SUMS = Pattern.compile("attention_(?:(?:dq|dkv)_)?\\d+");

  private static final int MOST_REGISTERS = 255;

  private static final Pattern ENTRY =
      Pattern.compile(
          "Compiling entry function '(\\w+)' for '(\\w+)'\\R.*\\R\\D*"
              + "(\\d+) bytes stack frame, (\\d+) bytes spill stores, (\\d+) bytes spill loads\\R"
              + "ptxas info\\s*: Used (\\d+) registers");

  private static final Pattern KERNEL =
      Pattern.compile(
          "extern \"C\" __global__ void[\\s\\\\]+"
              + "(?:__launch_bounds__\\([^)]*\\)[\\s\\\\]+)?(\\w+)(##)?");

  private static final Pattern FUSIBLE =
      Pattern.compile("\\b(?:add|sub|mul|mad)(?:\\.ftz|\\.sat)*\\.(?:b?f16|f32|f64)\\S*\\s.*");

  private record Entry(String kernel, int stack, int spillStores, int spillLoads, int registers) {}

  @Test
  void compilesForEveryArchitectureWithoutSpills() throws IOException {
    for (String architecture : KernelBuild.ARCHITECTURES) {
      for (String module : KernelBuild.modules()) {
        for (Entry entry : entries(module, architecture)) {
          String where = entry.kernel() + " for " + architecture;
          assertEquals(0, entry.stack(), where + ": bytes of stack");
          assertEquals(0, entry.spillStores() + entry.spillLoads(), where + ": bytes spilled");
          boolean ofSums = OF_SUMS.matcher(entry.kernel()).matches();
          assertTrue(
              entry.registers() <= (ofSums ? MOST_REGISTERS : MAX_REGISTERS),
              where + ": " + entry.registers() + " registers");
        }
      }
    }
    Map<String, List<Integer>> registers = registers();
    registers.forEach(
        (kernel, each) -> assertEquals(KernelBuild.ARCHITECTURES.size(), each.size(), kernel));
    print(registers);
  }

  /** The registers of each kernel, in the order of the architectures. */
  static Map<String, List<Integer>> registers() throws IOException {
    Map<String, List<Integer>> registers = new TreeMap<>();
    for (String architecture : KernelBuild.ARCHITECTURES) {
      for (String module : KernelBuild.modules()) {
        for (Entry entry : entries(module, architecture)) {
          registers.computeIfAbsent(entry.kernel(), k -> new ArrayList<>()).add(entry.registers());
        }
      }
    }
    return registers;
  }

  @Test
  void everyKernelOfASourceIsAnEntry() throws IOException {
    for (String module : KernelBuild.modules()) {
      Set<String> compiled = new HashSet<>();
      entries(module, "sm_90").forEach(entry -> compiled.add(entry.kernel()));
      Matcher written = KERNEL.matcher(KernelSources.source(module).text());
      while (written.find()) {
        String name = written.group(1);
        // A macro completes the name of a kernel after ##.
        boolean found =
            written.group(2) == null
                ? compiled.contains(name)
                : compiled.stream().anyMatch(kernel -> kernel.startsWith(name));
        assertTrue(found, module + ".cu: " + name);
      }
      assertTrue(!compiled.isEmpty(), module + ".cu has no kernel");
    }
  }

  /** CUDA 13.0's driver, the oldest supported one, accepts PTX up to 9.0; NVRTC 13.1 writes 9.1. */
  @Test
  void anyDriverThatWeRunOnTakesThePtx() throws IOException {
    for (String module : KernelBuild.modules()) {
      String ptx = ptx(module);
      assertTrue(ptx.contains("\n.version 7.2\n.target sm_75"), module + ".ptx");
    }
  }

  /** If a product or sum has no rounding modifier, ptxas may fuse it with another. */
  @Test
  void nothingIsLeftForPtxasToFuse() throws IOException {
    for (String module : KernelBuild.modules()) {
      Matcher fusible = FUSIBLE.matcher(ptx(module));
      assertFalse(fusible.find(), () -> module + ".ptx: " + fusible.group());
    }
  }

  /**
   * A kernel that may begin before the preceding one has ended waits before it accesses memory that
   * the preceding one may access. It never reads such memory through the read-only cache, because
   * the compiler may move those loads before the wait. A gather finds its row before it waits, by
   * the control, which no kernel writes.
   */
  @ParameterizedTest
  @CsvSource({
    "gather, 3",
    "reparameterize, 0",
    "reparameterize_backward, 0",
    "likelihood_bernoulli, 0",
    "likelihood_multinomial, 0",
    "likelihood_gaussian_shared, 0",
    "likelihood_discretized_logistic_mixture, 0",
    "likelihood_negative_binomial, 0"
  })
  void kernelsThatMayBeginEarlyWait(String module, int loadsOfTheControl) {
    byte[] image = KernelBuild.ptx(KernelSources.source(module), "compute_90");
    String[] entries = new String(image, StandardCharsets.US_ASCII).split("\\.entry ", -1);
    for (int i = 1; i < entries.length; i++) {
      String kernel = entries[i];
      String name = kernel.substring(0, kernel.indexOf('('));
      if (name.endsWith("_variance")) {
        continue;
      }
      int wait = kernel.indexOf("griddepcontrol.wait;");
      assertTrue(wait > 0, name + " does not wait");
      String before = kernel.substring(0, wait);
      assertEquals(loadsOfTheControl, before.split("\\bld\\.(?!param)", -1).length - 1, name);
      assertFalse(before.matches("(?s).*\\b(st|atom|red|ret|exit)[.;].*"), name);
      assertFalse(kernel.contains(".nc."), name + " reads through the read-only cache");
    }
  }

  /** The shipped PTX of a file. */
  private static String ptx(String module) {
    byte[] image = KernelSources.image("ptx/" + module + ".ptx");
    assertNotNull(image, module + ".ptx");
    return new String(image, StandardCharsets.US_ASCII);
  }

  private static List<Entry> entries(String module, String architecture) throws IOException {
    String log = Files.readString(KernelBuild.log(module, architecture));
    List<Entry> entries = new ArrayList<>();
    Matcher matcher = ENTRY.matcher(log);
    while (matcher.find()) {
      assertEquals(architecture, matcher.group(2));
      entries.add(
          new Entry(
              matcher.group(1),
              Integer.parseInt(matcher.group(3)),
              Integer.parseInt(matcher.group(4)),
              Integer.parseInt(matcher.group(5)),
              Integer.parseInt(matcher.group(6))));
    }
    assertTrue(!entries.isEmpty(), () -> module + " for " + architecture + ":\n" + log);
    return entries;
  }

  private static void print(Map<String, List<Integer>> registers) {
    StringBuilder table = new StringBuilder("registers per thread\n");
    table.append(String.format("%-32s", "kernel"));
    KernelBuild.ARCHITECTURES.forEach(a -> table.append(String.format("%8s", a)));
    registers.forEach(
        (kernel, each) -> {
          table.append(String.format("%n%-32s", kernel));
          each.forEach(count -> table.append(String.format("%8d", count)));
        });
    System.out.println(table);
  }
}
