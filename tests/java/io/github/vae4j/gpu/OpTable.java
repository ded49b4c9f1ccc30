package io.github.vae4j.gpu;

import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.backend.OpCase;
import io.github.vae4j.backend.OpSuite;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Tolerance;
import io.github.vae4j.backend.cuda.EmulatedDevice;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The op table on the device, one class a precision; only some cases where {@code VAE4J_CASES} is a
 * regular expression.
 */
abstract class OpTable extends OpSuite {
  private static final String WITHOUT = "vae4j.gpu.without";

  private OpTable(Precision precision, Tolerance tolerance) {
    super(
        () -> Backends.open(new BackendOptions(BackendOptions.Kind.CUDA, 0, precision)),
        tolerance,
        opCase -> wanted(precision, opCase));
  }

  /** The class with the table of a precision, without some cases of it. */
  static Class<? extends OpTable> select(Precision precision, List<String> without) {
    System.setProperty(WITHOUT, String.join("\n", without));
    return switch (precision) {
      case FP32 -> Fp32.class;
      case TF32 -> Tf32.class;
      case BF16 -> Bf16.class;
    };
  }

  private static boolean wanted(Precision precision, OpCase opCase) {
    String cases = System.getenv("VAE4J_CASES");
    boolean lossOfNoPrecision =
        precision != Precision.FP32 && opCase.name().startsWith("likelihood ");
    return !lossOfNoPrecision
        && (cases == null || Pattern.compile(cases).matcher(opCase.name()).find())
        && !List.of(System.getProperty(WITHOUT, "").split("\n", -1)).contains(opCase.name());
  }

  @ExtendWith(EmulatedDevice.class)
  static final class Fp32 extends OpTable {
    Fp32() {
      super(Precision.FP32, Tolerance.FP32);
    }
  }

  @ExtendWith(EmulatedDevice.class)
  static final class Tf32 extends OpTable {
    Tf32() {
      super(Precision.TF32, Tolerance.TF32);
    }
  }

  @ExtendWith(EmulatedDevice.class)
  static final class Bf16 extends OpTable {
    Bf16() {
      super(Precision.BF16, Tolerance.BF16);
    }
  }
}
