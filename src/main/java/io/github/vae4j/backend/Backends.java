// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.cpu.CpuBackend;
import io.github.vae4j.backend.cuda.CudaBackend;
import io.github.vae4j.backend.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The choice ladder. AUTO takes the best backend that opens and logs why it did not take a better
 * one. An explicit choice is never replaced by another.
 */
public final class Backends {
  private static final Logger LOG = LoggerFactory.getLogger(Backends.class);

  /** Best first. Plugging a backend in is one line. */
  private static final List<Opener> LADDER =
      List.of(
          new Opener(Kind.CUDA, options -> CudaBackend.open(options.precision())),
          new Opener(Kind.CPU, options -> CpuBackend.open(options.threads(), options.precision())),
          new Opener(Kind.REFERENCE, options -> new ReferenceBackend()));

  private Backends() {}

  /** How a backend is opened; throws {@link BackendUnavailableException} where it cannot be. */
  record Opener(Kind kind, Function<BackendOptions, Backend> open) {
    Backend tryOpen(BackendOptions options) {
      try {
        return open.apply(options);
      } catch (ExceptionInInitializerError e) {
        // A fault of ours, an op without an entry, is no reason to take another backend.
        throw e;
      } catch (LinkageError e) {
        throw new BackendUnavailableException(
            "its classes or native libraries do not load ("
                + e
                + "); put the jars that vae4j depends on, with their natives, on the class path",
            e);
      }
    }

    String id() {
      return kind.name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What a backend said when it was tried.
   *
   * @param kind the backend
   * @param available whether it opened
   * @param description what it runs on, or why it did not open and how to mend that
   */
  public record Rung(Kind kind, boolean available, String description) {}

  /**
   * Opens a backend.
   *
   * @param options which and how
   * @return the backend, owned by the caller
   * @throws BackendUnavailableException if the backend asked for cannot be used here
   */
  public static Backend open(BackendOptions options) {
    return open(options, LADDER, LOG::info);
  }

  /**
   * Tries every backend and closes it again.
   *
   * @param options threads and precision; the kind is ignored
   * @return one rung for each backend, best first
   */
  public static List<Rung> probe(BackendOptions options) {
    return probe(options, LADDER);
  }

  static Backend open(BackendOptions options, List<Opener> ladder, Consumer<String> log) {
    StringBuilder passed = new StringBuilder();
    StringBuilder reasons = new StringBuilder();
    for (Opener opener : ladder) {
      if (options.kind() != Kind.AUTO && options.kind() != opener.kind()) {
        continue;
      }
      try {
        Backend backend = opener.tryOpen(options);
        log.accept("backend " + backend.name() + " (" + backend.description() + ")" + passed);
        return backend;
      } catch (BackendUnavailableException e) {
        if (options.kind() != Kind.AUTO) {
          throw new BackendUnavailableException(
              "backend " + opener.id() + " is not available: " + e.getMessage(), e);
        }
        passed.append("; not ").append(opener.id()).append(": ").append(cause(e));
        reasons.append("; not ").append(opener.id()).append(": ").append(e.getMessage());
      }
    }
    throw new BackendUnavailableException("no backend is available" + reasons);
  }

  /** What is wrong, without where was looked and how to mend it: {@link #probe} has all of it. */
  private static String cause(BackendUnavailableException e) {
    return String.valueOf(e.getMessage()).split("; | \\(", 2)[0];
  }

  static List<Rung> probe(BackendOptions options, List<Opener> ladder) {
    List<Rung> rungs = new ArrayList<>();
    for (Opener opener : ladder) {
      try (Backend backend = opener.tryOpen(options)) {
        rungs.add(new Rung(opener.kind(), true, backend.description()));
      } catch (BackendUnavailableException e) {
        rungs.add(new Rung(opener.kind(), false, String.valueOf(e.getMessage())));
      }
    }
    return List.copyOf(rungs);
  }
}
