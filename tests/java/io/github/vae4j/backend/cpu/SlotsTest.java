// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Estimator;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.ReparameterizeBackward;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records as native structs. The op table tests that libvae4j accepts those of all ops. */
final class SlotsTest {
  private static final int TENSOR_SLOTS = 6;

  private final Arena arena = new Arena();
  private final CpuBackend backend = arena.own(CpuBackend.open(1, Precision.FP32));

  @AfterEach
  void close() {
    arena.close();
  }

  private Tensor tensor(int... dims) {
    return backend.tensor(arena, dims);
  }

  /** The slots of tensors of a type and up to four dimensions; null for one that is left out. */
  private static List<Long> slots(@Nullable Tensor... tensors) {
    List<Long> slots = new ArrayList<>();
    for (Tensor tensor : tensors) {
      slots.add(tensor == null ? 0 : tensor.buffer().address());
      slots.add(tensor != null && tensor.type() == DType.FLOAT64 ? 1L : 0L);
      for (int i = 0; i < 4; i++) {
        slots.add(tensor != null && i < tensor.rank() ? (long) tensor.dim(i) : 0L);
      }
    }
    return slots;
  }

  private static List<Long> part(long[] values, int from, int count) {
    return LongStream.of(values).skip(from).limit(count).boxed().toList();
  }

  private static String text(long pointer) {
    BytePointer text =
        new BytePointer() {
          {
            address = pointer;
          }
        };
    return text.getString();
  }

  @Test
  void aBackwardOpHasItsForwardOpInside() {
    Tensor x = tensor(2, 3, 4);
    Tensor weight = tensor(4, 5);
    Tensor bias = tensor(5);
    Tensor y = tensor(2, 3, 5);
    Dense dense = new Dense(x, weight, bias, null, y, Activation.LEAKY_RELU);
    Tensor dy = tensor(6, 5);
    Tensor dWeight = tensor(4, 5);
    Tensor dBias = tensor(5);
    try (Slots slots = new Slots(new DenseBackward(dense, dy, null, dWeight, dBias))) {
      assertEquals(
          "forward.x,forward.weight,forward.bias,forward.preactivation,forward.y,"
              + "forward.activation,dy,dx,d_weight,d_bias",
          slots.names());
      long[] values = slots.values();
      int activation = 5 * TENSOR_SLOTS;
      assertEquals(slots(x, weight, bias, null, y), part(values, 0, activation));
      assertEquals("leakyRelu", text(values[activation]));
      assertEquals(slots(dy, null, dWeight, dBias), part(values, activation + 1, values.length));
    }
  }

  @Test
  void settingsTakeEightBytesEach() {
    Buffer block = arena.own(backend.allocate(DType.FLOAT64, 2 * Control.LENGTH));
    Tensor stats = tensor(2, 6);
    Tensor z = tensor(2, 1, 3);
    Tensor kl = tensor(2);
    Tensor klPerDimension = tensor(3);
    Reparameterize forward =
        new Reparameterize(
            stats, z, kl, klPerDimension, null, new Control(block), -7, Stream.EVALUATE_TOP, 11);
    ReparameterizeBackward backward =
        new ReparameterizeBackward(
            forward, tensor(2, 1, 3), null, tensor(2, 6), 1, 0.1f, 0, true, Estimator.ANALYTIC);
    try (Slots slots = new Slots(backward)) {
      assertEquals(
          "forward.stats,forward.z,forward.kl,forward.kl_per_dimension,forward.log_ratio,"
              + "forward.control,forward.seed,forward.stream,forward.row_offset,dz,weight,d_stats,"
              + "groups,kl_scale,free_bits,capacity,estimator",
          slots.names());
      long[] values = slots.values();
      int seed = 6 * TENSOR_SLOTS;
      assertEquals(
          slots(stats, z, kl, klPerDimension, null, new Tensor(block, 16)), part(values, 0, seed));
      assertEquals(List.of(-7L, 31L, 11L), part(values, seed, 3));
      int groups = 9 * TENSOR_SLOTS + 3;
      assertEquals(List.of(1L, Double.doubleToRawLongBits(0.1f), 0L, 1L), part(values, groups, 4));
      assertEquals("analytic", text(values[groups + 4]));
      assertEquals(groups + 5, values.length);
    }
  }

  @Test
  void aLikelihoodIsItsBlocks() {
    LikelihoodLoss loss =
        new LikelihoodLoss(
            Likelihoods.parse("composite:0-1=gaussian:sigma=0.1;2=categorical:levels=3"),
            tensor(1, 1, 5),
            null,
            tensor(1, 3),
            null,
            null,
            tensor(1, 1),
            null,
            null,
            1);
    try (Slots slots = new Slots(loss)) {
      assertEquals("gaussian 2 0.1;categorical 1 3.0", text(slots.values()[0]));
    }
  }
}
