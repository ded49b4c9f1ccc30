// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ArenaTest {
  private final List<String> closed = new ArrayList<>();

  private AutoCloseable named(String name) {
    return () -> closed.add(name);
  }

  @Test
  void closesInReverseAndOnce() {
    Arena arena = new Arena();
    AutoCloseable first = named("first");
    assertSame(first, arena.own(first));
    arena.own(named("second"));
    arena.close();
    arena.close();
    assertEquals(List.of("second", "first"), closed);
  }

  @Test
  void aFailureDoesNotKeepTheRestOpen() {
    Arena arena = new Arena();
    IllegalStateException last = new IllegalStateException("last");
    arena.own(named("first"));
    arena.own(
        () -> {
          throw new IOException("checked");
        });
    arena.own(named("middle"));
    arena.own(
        () -> {
          throw last;
        });
    RuntimeException thrown = assertThrows(RuntimeException.class, arena::close);
    assertSame(last, thrown);
    assertEquals(1, thrown.getSuppressed().length);
    assertInstanceOf(IOException.class, thrown.getSuppressed()[0].getCause());
    assertEquals(List.of("middle", "first"), closed);
  }
}
