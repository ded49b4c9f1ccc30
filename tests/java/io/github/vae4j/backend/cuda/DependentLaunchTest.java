package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vae4j.backend.OpCases;
import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.Replay;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.cudasim.CudaSim;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code vae4j.cuda.pdl}: kernels that wait for their predecessors by themselves are launched so,
 * unless that is switched off, where the device can and what was loaded has the wait. The emulated
 * device runs launches in order, so that what is seen here is which call launches what, and the
 * bits.
 */
@Tag("cuda")
@Tag("cudasim")
@ExtendWith(EmulatedDevice.class)
final class DependentLaunchTest {
  private static final int ROWS = 9;
  private static final int FEATURES = 8;

  @TempDir Path cache;

  @AfterEach
  void asItWas() {
    System.clearProperty(CudaContext.DEPENDENT_PROPERTY);
    System.clearProperty(KernelCache.FOLDER_PROPERTY);
    CudaSim.setOption("capability", 90);
    CudaSim.setOption("quiet", 0);
  }

  @Test
  void onlyWhereAllOfItFits() {
    System.setProperty(KernelCache.FOLDER_PROPERTY, cache.toString());
    // NVRTC's cubins are refused before its PTX is taken.
    CudaSim.setOption("quiet", 1);
    Modules.Images none = name -> null;
    System.setProperty(CudaContext.DEPENDENT_PROPERTY, "false");
    float[] plain = launches(KernelSources::image, 0);
    assertArrayEquals(plain, launches(none, 0));
    System.clearProperty(CudaContext.DEPENDENT_PROPERTY);
    // The jar's PTX is that of compute_75, which cannot wait.
    assertArrayEquals(plain, launches(KernelSources::image, 0));
    assertArrayEquals(plain, launches(none, 2));
    CudaSim.setOption("capability", 80);
    assertArrayEquals(plain, launches(none, 0));
  }

  /** Gathers and samples, eagerly and recorded; the samples. */
  private static float[] launches(Modules.Images images, int dependent) {
    try (CudaBackend backend = CudaBackend.open(Precision.FP32, images);
        Arena arena = new Arena()) {
      Ops ops = new Ops(backend);
      Buffer source = ops.floats(arena, ROWS, FEATURES);
      float[] values = new float[ROWS * FEATURES];
      for (int i = 0; i < values.length; i++) {
        values[i] = 0.01f * i;
      }
      source.write(values);
      Buffer x = ops.floats(arena, ROWS, FEATURES);
      Buffer z = ops.floats(arena, ROWS, FEATURES / 2);
      Control control = new Control(arena.own(ops.allocate(DType.FLOAT64, Control.LENGTH)));
      control.set(Control.STEP, 3).set(Control.EPOCH, 1).upload();
      List<Op> step =
          List.of(
              new Gather(source, null, x, control, ROWS, FEATURES, ROWS, 1, true, false, 5),
              new Reparameterize(
                  x,
                  z,
                  ops.floats(arena, ROWS, 1),
                  null,
                  null,
                  control,
                  ROWS,
                  1,
                  FEATURES / 2,
                  5,
                  Stream.LATENT,
                  0));
      List<PreparedOp> planned = step.stream().map(op -> arena.own(OpCases.plan(ops, op))).toList();
      CudaSim.resetCounts();
      planned.forEach(PreparedOp::run);
      assertEquals(dependent, calls("cuLaunchKernelEx"));
      assertEquals(2 - dependent, calls("cuLaunchKernel"));
      float[] eager = z.toFloats();
      z.write(new float[eager.length]);
      try (Replay replay = ops.record(planned)) {
        replay.run();
        assertArrayEquals(eager, z.toFloats());
      }
      return eager;
    }
  }

  private static int calls(String name) {
    JsonNode calls = CudaSim.profile().get("calls");
    return calls.path(name).asInt();
  }
}
