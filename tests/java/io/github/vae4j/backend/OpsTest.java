package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.RecordMetrics;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.ReparameterizeBackward;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.likelihood.Bernoulli;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every wrong argument of every op is refused, by name. */
final class OpsTest {
  /** Buffers whose length or type another operand has to follow: then that one is named. */
  private static final Set<String> LEADING =
      Set.of(
          "gather.source",
          "globalNorm.gradients",
          "recordMetrics.kl",
          "recordMetrics.nll",
          "adam.parameters",
          "fill.target",
          "copy.source");

  private final Backend backend = new ReferenceBackend();
  private final Ops ops = new Ops(backend);
  private final Arena arena = new Arena();

  @AfterEach
  void close() {
    arena.close();
    assertEquals(0, backend.open());
    backend.close();
  }

  /** Breaks each operand of one good op of each kind in every way, one at a time. */
  @TestFactory
  List<DynamicTest> everyBrokenOperandIsNamed() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Class<?> type : Op.class.getPermittedSubclasses()) {
      for (RecordComponent component : type.getRecordComponents()) {
        String name = name(type) + "." + component.getName();
        tests.add(DynamicTest.dynamicTest(name, () -> breakOperand(type, component)));
      }
    }
    return tests;
  }

  private void breakOperand(Class<?> type, RecordComponent component) throws Exception {
    try (Backend own = new ReferenceBackend();
        Arena owned = new Arena()) {
      Ops ownOps = new Ops(own);
      Op good = example(type, ownOps, owned);
      OpCases.plan(ownOps, good).close();
      for (Object broken : broken(good, component, ownOps, owned)) {
        IllegalArgumentException thrown =
            assertThrows(
                IllegalArgumentException.class,
                () -> OpCases.plan(ownOps, with(good, component, broken)).close(),
                () -> component.getName() + " = " + broken);
        String message = String.valueOf(thrown.getMessage());
        String argument = name(type) + "." + component.getName();
        String start = name(type) + ": " + (LEADING.contains(argument) ? "" : component.getName());
        assertTrue(message.startsWith(start) || component.getType() == int.class, message);
        assertTrue(message.startsWith(name(type) + ": "), message);
        assertTrue(message.contains(": expected ") && message.contains(", given "), message);
      }
    }
  }

  /** Values that the component must not have. */
  private static List<@Nullable Object> broken(
      Op good, RecordComponent component, Ops ops, Arena arena) throws Exception {
    List<@Nullable Object> broken = new ArrayList<>();
    Object value = component.getAccessor().invoke(good);
    String argument = name(good.getClass()) + "." + component.getName();
    if (value instanceof Buffer buffer) {
      if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        broken.add(null);
      }
      boolean free = LEADING.contains(argument);
      DType other = buffer.type() == DType.INT32 ? DType.UINT8 : DType.INT32;
      if (!argument.equals("copy.source")) {
        broken.add(arena.own(ops.allocate(other, buffer.length())));
      }
      if (!free) {
        broken.add(arena.own(ops.allocate(buffer.type(), buffer.length() + 1)));
      }
      broken.add(buffer.slice(0, 0));
      Buffer closed = ops.allocate(buffer.type(), buffer.length());
      closed.close();
      broken.add(closed);
    } else if (component.getType() == int.class) {
      broken.add(-1);
      if (!component.getName().equals("rowOffset")) {
        broken.add(0);
      }
    } else if (component.getType() == float.class) {
      broken.add(Float.NaN);
      broken.add(Float.POSITIVE_INFINITY);
    } else if (component.getType() == double.class && !argument.equals("fill.value")) {
      broken.add(Double.NaN);
      broken.add(Double.POSITIVE_INFINITY);
      broken.add(-0.5);
    } else if (component.getType() == Control.class || component.getType() == Activation.class) {
      broken.add(null);
    }
    return broken;
  }

  /** A small op of a kind with as many operands as it can have. */
  private static Op example(Class<?> type, Ops ops, Arena arena) throws Exception {
    Op best = null;
    int most = -1;
    for (OpCase opCase : OpCases.all()) {
      boolean ofType = opCase.name().startsWith(name(type) + " ");
      if (ofType && opCase.work() > 8 && opCase.work() < 2000) {
        Op op = opCase.build().apply(arena.own(new Operands(ops, true)));
        int operands = 0;
        for (RecordComponent component : type.getRecordComponents()) {
          operands += component.getAccessor().invoke(op) == null ? 0 : 1;
        }
        if (operands > most) {
          best = op;
          most = operands;
        }
      }
    }
    if (best == null) {
      throw new AssertionError("no small case of " + name(type));
    }
    return best;
  }

  private static Op with(Op op, RecordComponent component, @Nullable Object value)
      throws Exception {
    RecordComponent[] components = op.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          components[i].getName().equals(component.getName())
              ? value
              : components[i].getAccessor().invoke(op);
    }
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return (Op) op.getClass().getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      throw new AssertionError("the record refused it, not Ops", e);
    }
  }

  private static String name(Class<?> type) {
    String name = type.getSimpleName();
    return switch (name) {
      case "LikelihoodLoss" -> "likelihood";
      case "AdamUpdate" -> "adam";
      default -> name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    };
  }

  private Buffer floats(long length) {
    return arena.own(ops.allocate(DType.FLOAT32, length));
  }

  private Buffer doubles(long length) {
    return arena.own(ops.allocate(DType.FLOAT64, length));
  }

  private Control control() {
    return new Control(doubles(Control.LENGTH));
  }

  private static void refused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  private Dense dense(Buffer x, @Nullable Buffer preactivation, Buffer y, Activation activation) {
    return new Dense(x, floats(15), floats(5), preactivation, y, 2, 3, 5, activation);
  }

  @Test
  void messagesSayOpArgumentExpectedAndGiven() {
    refused(
        "dense: x: expected FLOAT32 x 6 (2, 3), given Buffer[FLOAT32 x 7]",
        () -> ops.dense(dense(floats(7), null, floats(10), Activation.RELU)));
    refused("allocate: length: expected 1 or more, given 0", () -> ops.allocate(DType.INT32, 0));
    refused("record: ops: expected 1 op or more, given none", () -> ops.record(List.of()));
    Buffer closed = ops.allocate(DType.FLOAT32, 6);
    closed.close();
    refused(
        "dense: x: expected an open buffer, given Buffer[FLOAT32 x 6], closed",
        () -> ops.dense(dense(closed, null, floats(10), Activation.RELU)));
  }

  @Test
  void thePreactivationIsGivenExactlyWhereItIsNeeded() {
    refused(
        "dense: preactivation: expected a buffer, which gelu needs, given null",
        () -> ops.dense(dense(floats(6), null, floats(10), Activation.GELU)));
    refused(
        "dense: preactivation: expected null, as no preactivation relu needs, given"
            + " Buffer[FLOAT32 x 10]",
        () -> ops.dense(dense(floats(6), floats(10), floats(10), Activation.RELU)));
  }

  @Test
  void whatIsWrittenOverlapsNothing() {
    Buffer all = floats(20);
    refused(
        "dense: y: expected a buffer that does not overlap x, given Buffer[FLOAT32 x 10, view]",
        () -> ops.dense(dense(all.slice(0, 6), null, all.slice(5, 10), Activation.RELU)));
    ops.dense(dense(all.slice(0, 6), null, all.slice(6, 10), Activation.RELU)).close();
    refused(
        "copy: target: expected a buffer that does not overlap source, given Buffer[FLOAT32 x 3,"
            + " view]",
        () -> ops.copy(new Copy(all.slice(0, 3), all.slice(2, 3))));
  }

  @Test
  void inputsMayOverlap() {
    Buffer x = floats(4);
    ops.denseBackward(
            new DenseBackward(
                x, x, x, floats(4), null, floats(4), floats(2), 2, 2, 2, Activation.RELU))
        .close();
  }

  @Test
  void likelihoodGradientIsInPlaceOrApart() {
    Buffer all = floats(12);
    Buffer parameters = all.slice(0, 6);
    ops.likelihood(loss(parameters, parameters, floats(6))).close();
    ops.likelihood(loss(parameters, all.slice(0, 6), floats(6))).close();
    refused(
        "likelihood: dParameters: expected a buffer that does not overlap parameters, given"
            + " Buffer[FLOAT32 x 6, view]",
        () -> ops.likelihood(loss(parameters, all.slice(1, 6), floats(6))));
    refused(
        "likelihood: parameters: expected a buffer that does not overlap x, given"
            + " Buffer[FLOAT32 x 6, view]",
        () -> ops.likelihood(loss(parameters, parameters, parameters)));
  }

  private LikelihoodLoss loss(Buffer parameters, Buffer dParameters, Buffer x) {
    return new LikelihoodLoss(new Bernoulli(), parameters, x, floats(2), dParameters, 2, 1, 3, 1);
  }

  @Test
  void gatherAgreesWithItsIndexAndSource() {
    Buffer source = floats(15);
    Buffer index = arena.own(ops.allocate(DType.INT32, 4));
    index.write(new int[] {0, 4, 5, 1});
    refused(
        "gather: index[2]: expected a row of the source, 0 to 4, given 5",
        () -> ops.gather(gather(source, index, 4, 2)));
    index.write(new int[] {0, 4, -1, 1});
    refused(
        "gather: index[2]: expected a row of the source, 0 to 4, given -1",
        () -> ops.gather(gather(source, index, 4, 2)));
    index.write(new int[] {0, 4, 2, 1});
    ops.gather(gather(source, index, 4, 2)).close();
    refused(
        "gather: source: expected 4 rows of 3, given Buffer[FLOAT32 x 15]",
        () -> ops.gather(gather(source, null, 4, 2)));
    refused(
        "gather: source: expected a multiple of features, 3, given Buffer[FLOAT32 x 16]",
        () -> ops.gather(gather(floats(16), index, 4, 2)));
    refused(
        "gather: batch: expected at most rows, 5, given 6",
        () -> ops.gather(gather(source, null, 5, 6)));
    refused(
        "gather: source: expected UINT8 or FLOAT32, given Buffer[FLOAT64 x 15]",
        () -> ops.gather(gather(doubles(15), null, 5, 2)));
  }

  private Gather gather(Buffer source, @Nullable Buffer index, int rows, int batch) {
    return new Gather(
        source, index, floats(3L * batch), control(), rows, 3, batch, 1, true, false, 1);
  }

  @Test
  void freeBitsNeedTheKlPerDimension() {
    refused(
        "reparameterizeBackward: klPerDimension: expected a buffer, which freeBits above 0 need,"
            + " given null",
        () -> ops.reparameterizeBackward(backward(null, 0.5f)));
    refused(
        "reparameterizeBackward: freeBits: expected a finite number of 0 or more, given -0.5",
        () -> ops.reparameterizeBackward(backward(null, -0.5f)));
    ops.reparameterizeBackward(backward(null, 0)).close();
    ops.reparameterizeBackward(backward(floats(3), 0.5f)).close();
  }

  private ReparameterizeBackward backward(@Nullable Buffer klPerDimension, float freeBits) {
    return new ReparameterizeBackward(
        floats(12),
        floats(6),
        klPerDimension,
        floats(12),
        control(),
        2,
        1,
        3,
        1,
        Stream.LATENT,
        0,
        1,
        freeBits);
  }

  /** The noise's row is an int: beyond it two rows would draw the same. */
  @Test
  void noiseRowsDoNotWrap() {
    refused(
        "reparameterize: (rowOffset + batch) * samples: expected at most 2147483647 elements,"
            + " given 4000008000 or more",
        () ->
            ops.reparameterize(
                new Reparameterize(
                    floats(4),
                    floats(8000),
                    floats(2),
                    null,
                    null,
                    control(),
                    2,
                    4000,
                    1,
                    1,
                    Stream.LATENT,
                    1_000_000)));
  }

  @Test
  void metricsNeedWholeRows() {
    refused(
        "recordMetrics: nll: expected a multiple of the 3 rows of kl, given Buffer[FLOAT32 x 7]",
        () ->
            ops.recordMetrics(
                new RecordMetrics(
                    floats(7), floats(3), doubles(1), doubles(4), doubles(1), control(), 1)));
  }

  @Test
  void decayRatesStayBelowOne() {
    refused(
        "adam: beta1: expected 0 or more and below 1, given 1.0",
        () -> ops.adam(adam(1, 0.999, 0)));
    refused(
        "adam: beta2: expected 0 or more and below 1, given -0.1",
        () -> ops.adam(adam(0.9, -0.1, 0)));
    refused("adam: emaDecay: expected 0 to 1, given 1.5", () -> ops.adam(adam(0.9, 0.9, 1.5)));
    ops.adam(adam(0, 0, 1)).close();
  }

  private AdamUpdate adam(double beta1, double beta2, double emaDecay) {
    return new AdamUpdate(
        floats(3),
        floats(3),
        floats(3),
        floats(3),
        floats(3),
        doubles(1),
        doubles(1),
        doubles(3),
        control(),
        beta1,
        beta2,
        1e-8,
        0,
        false,
        0,
        emaDecay);
  }

  @Test
  void itGivesItsBackend() {
    assertSame(backend, ops.backend());
  }
}
