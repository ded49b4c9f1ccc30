// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.dnn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.VaeException;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.cuda.CudaBackend;
import io.github.vae4j.backend.cuda.EmulatedDevice;
import io.github.vae4j.cudasim.CudaSim;
import io.github.vae4j.cudasim.Faults;
import io.github.vae4j.tensor.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Deterministic algorithms are timed once; choices are kept for later processes and adopted. */
@Tag("cuda")
@Tag("cudasim")
@ExtendWith(EmulatedDevice.class)
final class ConvolutionChoicesTest {
  private static final String TUNE = "vae4j.cuda.tune";
  private static final String ALLOCATION = "cuMemAlloc_v2";
  private static final String CACHE = "vae4j.cuda.cache";

  @TempDir Path folder;
  private @Nullable String tuned;
  private @Nullable String cache;

  @BeforeEach
  void measured() {
    tuned = System.getProperty(TUNE);
    cache = System.getProperty(CACHE);
    System.setProperty(TUNE, "true");
    machine("one");
  }

  @AfterEach
  void asBefore() {
    restore(TUNE, tuned);
    restore(CACHE, cache);
  }

  private static void restore(String property, @Nullable String value) {
    if (value == null) {
      System.clearProperty(property);
    } else {
      System.setProperty(property, value);
    }
  }

  /** Simulates another machine, which has its own cache. */
  private void machine(String name) {
    System.setProperty(CACHE, folder.resolve(name).toString());
  }

  private record Result(Map<String, String> choices, List<Float> gradients) {}

  private static Result run(@Nullable Map<String, String> adopted) {
    try (Backend backend = CudaBackend.open(Precision.TF32);
        Arena arena = new Arena()) {
      if (adopted != null) {
        backend.adopt(adopted);
      }
      List<Float> gradients = new ArrayList<>();
      for (float gradient : new ConvNet(backend, arena).run()) {
        gradients.add(gradient);
      }
      return new Result(convolutions(backend.choices()), gradients);
    }
  }

  private static Map<String, String> convolutions(Map<String, String> all) {
    Map<String, String> kept = new TreeMap<>(all);
    kept.keySet().removeIf(key -> !key.contains("cuDNN"));
    return kept;
  }

  /** The choices with another algorithm, or none, in place of each. */
  private static Map<String, String> with(Map<String, String> choices, String text) {
    Map<String, String> changed = new TreeMap<>(choices);
    changed.replaceAll((key, choice) -> choice.replaceAll("algo=.*", text));
    return changed;
  }

  @Test
  void theFirstProcessMeasuresAndTheNextOnesReadWhatItFound() {
    CudaSim.resetCounts();
    Result first = run(null);
    int measured = Faults.calls().getOrDefault("cudnnConvolutionForward", 0);
    // A convolution and its gradients; the transposed one has the same three.
    assertEquals(3, first.choices().size(), first.choices().toString());
    first
        .choices()
        .forEach(
            (key, choice) -> {
              assertTrue(key.contains("cuDNN 9.19.0 conv "), key);
              assertTrue(choice.matches("us=[\\d.]+ algo=[01] math=(tf32|fma)"), choice);
            });
    CudaSim.resetCounts();
    Result second = run(null);
    assertEquals(first.choices(), second.choices());
    assertEquals(first.gradients(), second.gradients());
    int kept = Faults.calls().getOrDefault("cudnnConvolutionForward", 0);
    // The proof of the kept choice, and two calls that the graph records.
    assertTrue(kept <= 3 && kept < measured, kept + " of " + measured);
  }

  @Test
  void withoutMeasuringNothingIsChosen() {
    System.setProperty(TUNE, "false");
    assertEquals(Map.of(), run(null).choices());
    assertFalse(folder.resolve("one").resolve("choices").toFile().exists());
  }

  @Test
  void adoptedChoicesDecideTheBits() {
    Map<String, String> fma = with(run(null).choices(), "algo=1 math=fma");
    Map<String, String> tf32 = with(fma, "algo=1 math=tf32");
    machine("two");
    Result exact = run(fma);
    assertEquals(fma, exact.choices());
    machine("three");
    Result rounded = run(tf32);
    assertEquals(tf32, rounded.choices());
    assertNotEquals(exact.gradients(), rounded.gradients());
    // Without timing, too: a resumed run keeps its algorithms.
    System.setProperty(TUNE, "false");
    assertEquals(exact.gradients(), run(fma).gradients());
  }

  @Test
  void aChoiceThatIsNoAlgorithmOrNotDeterministicIsReplaced() {
    Map<String, String> choices = run(null).choices();
    for (String wrong : new String[] {"algo=3 math=fma", "algo=0 math=tf32", "nonsense"}) {
      machine(wrong);
      Map<String, String> damaged = with(choices, wrong);
      Map<String, String> mended = run(damaged).choices();
      assertEquals(damaged.keySet(), mended.keySet());
      mended.forEach((key, choice) -> assertNotEquals(damaged.get(key), choice));
    }
  }

  @Test
  void aKeptChoiceThatIsRefusedIsReplaced() {
    Map<String, String> choices = with(run(null).choices(), "algo=1 math=tf32");
    machine("two");
    CudaSim.setSwitches("dnn.refuse=tensorop");
    run(choices).choices().values().forEach(c -> assertTrue(c.endsWith("math=fma"), c));
  }

  /** Each allocation fails in turn; a run that survives keeps its choices. */
  @Test
  void aKeptChoiceThatThereIsNoMemoryToTryIsKept() {
    Map<String, String> choices = with(run(null).choices(), "algo=1 math=fma");
    machine("two");
    CudaSim.resetCounts();
    Result undisturbed = run(choices);
    int allocations = Faults.calls().getOrDefault(ALLOCATION, 0);
    CudaSim.setOption("quiet", 1);
    int survived = 0;
    for (int number = 1; number <= allocations; number++) {
      machine("without allocation " + number);
      CudaSim.setFaults(ALLOCATION + ":" + number + "=2");
      try {
        assertEquals(undisturbed, run(choices));
        survived++;
      } catch (VaeException e) {
        assertTrue(String.valueOf(e.getMessage()).contains("cuMemAlloc"), e.getMessage());
      }
      CudaSim.setFaults("");
      CudaSim.clearReport();
    }
    // The trials of three algorithms, each with a result and perhaps a workspace.
    assertTrue(survived >= 3, survived + " of " + allocations);
  }
}
