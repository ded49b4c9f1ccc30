// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.VaeException;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The choice of a backend. */
final class BackendsTest {
  private final List<String> log = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<Kind> opened = new ArrayList<>();

  private Backends.Opener works(Kind kind) {
    return new Backends.Opener(
        kind,
        options -> {
          opened.add(kind);
          return new ReferenceBackend();
        });
  }

  private static Backends.Opener fails(Kind kind, String reason) {
    return new Backends.Opener(
        kind,
        options -> {
          throw new BackendUnavailableException(reason);
        });
  }

  private Backend open(Kind kind, Backends.Opener... openers) {
    return Backends.open(
        new BackendOptions(kind, 0, Precision.FP32), List.of(openers), log::add, warnings::add);
  }

  @Test
  void autoTakesTheFirstThatOpensAndSaysWhyNotTheOthers() {
    try (Backend backend =
        open(
            Kind.AUTO,
            fails(Kind.CUDA, "no driver; install one"),
            fails(Kind.CPU, "no library; build it"),
            works(Kind.REFERENCE))) {
      assertEquals("reference", backend.name());
    }
    assertEquals(
        List.of(
            "backend reference (plain Java, 1 thread, sums in float64), which is many times"
                + " slower than cpu; not cuda: no driver; install one; not cpu: no library; build it"),
        warnings);
    assertEquals(List.of(), log);
  }

  @Test
  void autoWithoutCudaIsNoWarning() {
    open(Kind.AUTO, fails(Kind.CUDA, "no driver; install one"), works(Kind.CPU)).close();
    assertEquals(1, log.size());
    assertEquals(true, log.get(0).endsWith("; not cuda: no driver"), log.get(0));
    assertEquals(List.of(), warnings);
  }

  @Test
  void autoOpensNothingBelowWhatItTakes() {
    open(Kind.AUTO, works(Kind.CUDA), works(Kind.CPU), works(Kind.REFERENCE)).close();
    assertEquals(List.of(Kind.CUDA), opened);
    assertEquals(1, log.size());
  }

  @Test
  void anExplicitChoiceIsNeverReplaced() {
    VaeException thrown =
        assertThrows(
            BackendUnavailableException.class,
            () -> open(Kind.CUDA, fails(Kind.CUDA, "no driver"), works(Kind.REFERENCE)));
    assertEquals("backend cuda is not available: no driver", thrown.getMessage());
    assertEquals(List.of(), opened);
    assertEquals(List.of(), log);
  }

  @Test
  void anExplicitChoiceTriesNothingElse() {
    open(Kind.REFERENCE, works(Kind.CUDA), works(Kind.REFERENCE)).close();
    assertEquals(List.of(Kind.REFERENCE), opened);
  }

  @Test
  void classesThatDoNotLoadAreAReason() {
    UnsatisfiedLinkError error = new UnsatisfiedLinkError("libcuda.so.1: not found");
    Backends.Opener broken =
        new Backends.Opener(
            Kind.CUDA,
            options -> {
              throw error;
            });
    BackendUnavailableException thrown =
        assertThrows(BackendUnavailableException.class, () -> open(Kind.CUDA, broken));
    String message = String.valueOf(thrown.getMessage());
    assertTrue(message.contains("libcuda.so.1: not found"), message);
    assertTrue(message.contains("class path"), message);
    Throwable cause = thrown.getCause();
    assertNotNull(cause);
    assertSame(error, cause.getCause());
    open(Kind.AUTO, broken, works(Kind.REFERENCE)).close();
    assertEquals(List.of(Kind.REFERENCE), opened);
  }

  @Test
  void jarsThatAreMissingAreNamed() {
    Backends.Opener without =
        new Backends.Opener(
            Kind.CUDA,
            options -> {
              throw new NoClassDefFoundError("org/bytedeco/cuda/global/cudart");
            });
    open(Kind.AUTO, without, works(Kind.CPU)).close();
    assertTrue(
        log.get(0).endsWith("; not cuda: its classes are not on the class path"), log.get(0));
    String message =
        String.valueOf(
            assertThrows(BackendUnavailableException.class, () -> open(Kind.CUDA, without))
                .getMessage());
    assertTrue(message.contains("(no org/bytedeco/cuda/global/cudart); add org.bytedeco:cuda:"));
  }

  @Test
  void theCpuBackendNamesItsJars() {
    Backends.Opener without =
        new Backends.Opener(
            Kind.CPU,
            options -> {
              throw new NoClassDefFoundError("org/bytedeco/javacpp/Pointer");
            });
    String message =
        String.valueOf(
            assertThrows(BackendUnavailableException.class, () -> open(Kind.CPU, without))
                .getMessage());
    assertTrue(message.contains("; add org.bytedeco:javacpp:"), message);
    assertTrue(message.contains("org.bytedeco:dnnl:"), message);
  }

  /** Such a class is on the class path; Java says so by a message or by a cause. */
  @Test
  void aClassThatDidNotInitialiseIsNoMissingJar() {
    NoClassDefFoundError byMessage =
        new NoClassDefFoundError("Could not initialize class org.bytedeco.javacpp.Loader");
    NoClassDefFoundError byCause = new NoClassDefFoundError("org/bytedeco/javacpp/Loader");
    byCause.initCause(new ExceptionInInitializerError("a fault"));
    for (NoClassDefFoundError error : List.of(byMessage, byCause)) {
      Backends.Opener broken =
          new Backends.Opener(
              Kind.CPU,
              options -> {
                throw error;
              });
      assertSame(
          error,
          assertThrows(
              NoClassDefFoundError.class, () -> open(Kind.AUTO, broken, works(Kind.REFERENCE))));
    }
  }

  /** Only a backend that reports that it is unavailable is passed over; a bug is not hidden. */
  @Test
  void otherFailuresAreNotHidden() {
    Backends.Opener bug =
        new Backends.Opener(
            Kind.CPU,
            options -> {
              throw new IllegalStateException("bug");
            });
    assertThrows(IllegalStateException.class, () -> open(Kind.AUTO, bug, works(Kind.REFERENCE)));
  }

  @Test
  void withNothingAtAllItSaysSo() {
    assertEquals(
        "no backend is available; not cpu: gone; bring it back",
        assertThrows(
                BackendUnavailableException.class,
                () -> open(Kind.AUTO, fails(Kind.CPU, "gone; bring it back")))
            .getMessage());
  }

  @Test
  void probeTriesAllAndClosesThem() {
    List<Backends.Status> results =
        Backends.probe(
            BackendOptions.auto(),
            List.of(fails(Kind.CUDA, "no driver"), works(Kind.CPU), works(Kind.REFERENCE)));
    assertEquals(new Backends.Status(Kind.CUDA, false, "no driver"), results.get(0));
    assertEquals(Kind.CPU, results.get(1).kind());
    assertTrue(results.get(1).available());
    assertEquals(3, results.size());
  }

  @Test
  void theRealLadderHasEveryKindAndEndsInTheReference() {
    List<Backends.Status> results = Backends.probe(BackendOptions.auto());
    assertEquals(
        List.of(Kind.CUDA, Kind.CPU, Kind.REFERENCE),
        results.stream().map(Backends.Status::kind).toList());
    assertTrue(results.get(2).available());
    for (Backends.Status result : results) {
      assertTrue(!result.description().isEmpty(), result.toString());
    }
    try (Backend backend = Backends.open(new BackendOptions(Kind.REFERENCE, 1, Precision.FP32))) {
      assertInstanceOf(ReferenceBackend.class, backend);
    }
  }

  @Test
  void optionsCheckTheThreads() {
    assertEquals(
        "threads: expected 0 (the default) or more, given -1",
        assertThrows(
                IllegalArgumentException.class,
                () -> new BackendOptions(Kind.CPU, -1, Precision.FP32))
            .getMessage());
    assertEquals(new BackendOptions(Kind.AUTO, 0, Precision.FP32), BackendOptions.auto());
  }
}
