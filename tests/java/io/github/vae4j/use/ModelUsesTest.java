// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Measures;
import io.github.vae4j.Vae;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Inlet;
import io.github.vae4j.backend.Outlet;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.infer.RowPosterior;
import io.github.vae4j.infer.RowScorer;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.Memory;
import io.github.vae4j.tensor.Tensor;
import io.github.vae4j.tensor.Turn;
import io.github.vae4j.train.Trainer;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link ModelUses} are all calls of a model, and of the objects that it gives. */
final class ModelUsesTest {
  private static final List<Class<?>> TYPES =
      List.of(
          Vae.class,
          Measures.class,
          RowScorer.class,
          RowPosterior.class,
          Trainer.class,
          Backend.class,
          Program.class,
          Inlet.class,
          Outlet.class,
          Memory.class,
          Buffer.class,
          Tensor.class,
          Control.class);

  /** The calls that only read or set what the host has. */
  private static final Set<String> OF_THE_HOST =
      Set.of(
          "Vae.spec",
          "Vae.backend",
          "Vae.measure",
          "RowScorer.weights",
          "RowPosterior.outputs",
          "RowPosterior.weights",
          "Backend.name",
          "Backend.description",
          "Backend.diagnosis",
          "Backend.turn",
          "Backend.choices",
          "Backend.rowsAreIndependent",
          "Backend.adopt",
          "Backend.open",
          "Program.runsPerCall",
          "Inlet.buffer",
          "Memory.bytes",
          "Memory.address",
          "Memory.turn",
          "Buffer.slice",
          "Buffer.type",
          "Buffer.length",
          "Buffer.memory",
          "Buffer.byteOffset",
          "Buffer.overlaps",
          "Buffer.same",
          "Buffer.address",
          "Buffer.toString",
          "Tensor.buffer",
          "Tensor.type",
          "Tensor.length",
          "Tensor.rank",
          "Tensor.dim",
          "Tensor.shape",
          "Tensor.rows",
          "Tensor.as",
          "Tensor.part",
          "Tensor.toString",
          "Control.buffer",
          "Control.set");

  @TempDir Path folder;

  private static Stream<Method> methods() {
    return TYPES.stream()
        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
        .filter(method -> Modifier.isPublic(method.getModifiers()))
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .filter(method -> !method.isSynthetic());
  }

  @Test
  void noCallIsForgotten() {
    Set<String> listed = new TreeSet<>(OF_THE_HOST);
    try (ModelUses model =
        new ModelUses(SmallModel.create(BackendOptions.Kind.REFERENCE), folder)) {
      Stream.concat(model.uses.keySet().stream(), model.ends.keySet().stream())
          .map(name -> name.split(" ", 2)[0])
          .distinct()
          .forEach(name -> assertTrue(listed.add(name), name + " is listed twice"));
    }
    Set<String> all =
        methods()
            .map(method -> method.getDeclaringClass().getSimpleName() + "." + method.getName())
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(List.copyOf(all), List.copyOf(listed));
  }

  @Test
  void noObjectIsForgotten() {
    Set<String> given =
        methods()
            .map(Method::getReturnType)
            .filter(AutoCloseable.class::isAssignableFrom)
            .filter(type -> type != Turn.class && !TYPES.contains(type))
            .map(Class::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(), given);
  }
}
