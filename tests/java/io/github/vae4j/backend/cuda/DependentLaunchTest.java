// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.cuda.driver.KernelSources;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.cudasim.CudaSim;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code vae4j.cuda.pdl}: kernels that wait for their predecessors by themselves are launched as
 * dependent ones if the property allows it, the device supports it and the loaded module has the
 * wait. The emulated device runs launches in order, so that this test checks only the calls that
 * launch the kernels, and the bits.
 */
@Tag("cuda")
@Tag("cudasim")
@ExtendWith(EmulatedDevice.class)
final class DependentLaunchTest {
  private static final String DEPENDENT = "vae4j.cuda.pdl";
  private static final String CACHE = "vae4j.cuda.cache";
  private static final int ROWS = 9;
  private static final int FEATURES = 8;

  @TempDir Path cache;

  @AfterEach
  void asItWas() {
    System.clearProperty(DEPENDENT);
    System.clearProperty(CACHE);
    CudaSim.setOption("capability", 90);
  }

  @Test
  void onlyWhereAllOfItFits() {
    System.setProperty(CACHE, cache.toString());
    // NVRTC's cubins are refused before its PTX is loaded.
    CudaSim.setOption("quiet", 1);
    KernelSources.Images none = name -> null;
    System.setProperty(DEPENDENT, "false");
    float[] plain = launches(KernelSources::image, 0);
    assertArrayEquals(plain, launches(none, 0));
    System.clearProperty(DEPENDENT);
    // The jar's PTX is for compute_75, which has no wait.
    assertArrayEquals(plain, launches(KernelSources::image, 0));
    assertArrayEquals(plain, launches(none, 2));
    CudaSim.setOption("capability", 80);
    assertArrayEquals(plain, launches(none, 0));
  }

  /** Gathers and samples, op by op and as one program; returns the samples. */
  private static float[] launches(KernelSources.Images images, int dependent) {
    try (CudaBackend backend = CudaBackend.open(Precision.FP32, images);
        Arena arena = new Arena()) {
      Tensor source = backend.tensor(arena, ROWS, FEATURES);
      float[] values = new float[ROWS * FEATURES];
      for (int i = 0; i < values.length; i++) {
        values[i] = 0.01f * i;
      }
      source.write(values);
      Tensor x = backend.tensor(arena, ROWS, FEATURES);
      Tensor z = backend.tensor(arena, ROWS, 1, FEATURES / 2);
      Control control = new Control(arena.own(backend.allocate(DType.FLOAT64, Control.LENGTH)));
      control.set(Control.STEP, 3).set(Control.EPOCH, 1).upload();
      List<Op> step =
          List.of(
              new Gather(source, x, null, control, 1, true, false, 5),
              new Reparameterize(
                  x, z, backend.tensor(arena, ROWS), null, null, control, 5, Stream.LATENT, 0));
      List<Program> eager =
          step.stream().map(op -> arena.own(backend.compile(List.of(op)))).toList();
      CudaSim.resetCounts();
      eager.forEach(Program::run);
      assertEquals(dependent, calls("cuLaunchKernelEx"));
      assertEquals(2 - dependent, calls("cuLaunchKernel"));
      float[] expected = z.toFloats();
      z.write(new float[expected.length]);
      try (Program together = backend.compile(step)) {
        together.run();
        assertArrayEquals(expected, z.toFloats());
      }
      return expected;
    }
  }

  private static int calls(String name) {
    JsonNode calls = CudaSim.profile().get("calls");
    return calls.path(name).asInt();
  }
}
