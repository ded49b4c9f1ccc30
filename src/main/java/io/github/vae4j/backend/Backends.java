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
 * Chooses a backend. AUTO opens the best backend that works and logs the fault of each better one,
 * as a warning with the remedy where only the slow reference backend is left. An explicit choice is
 * never replaced by another.
 */
public final class Backends {
  private static final Logger LOG = LoggerFactory.getLogger(Backends.class);

  /** The backends, best first. A further backend is one line here. */
  private static final List<Opener> BEST_FIRST =
      List.of(
          new Opener(Kind.CUDA, options -> CudaBackend.open(options.precision())),
          new Opener(Kind.CPU, options -> CpuBackend.open(options.threads(), options.precision())),
          new Opener(Kind.REFERENCE, options -> new ReferenceBackend()));

  private Backends() {}

  /** Opens a backend; throws {@link BackendUnavailableException} if it cannot be used. */
  record Opener(Kind kind, Function<BackendOptions, Backend> open) {
    Backend tryOpen(BackendOptions options) {
      try {
        return open.apply(options);
      } catch (ExceptionInInitializerError e) {
        // A class that does not initialise is a fault of ours and no reason to choose another one.
        throw e;
      } catch (NoClassDefFoundError e) {
        if (hasFailedBefore(e)) {
          throw e;
        }
        throw new BackendUnavailableException(
            "its classes are not on the class path (no " + e.getMessage() + "); add " + jars(), e);
      } catch (LinkageError e) {
        throw new BackendUnavailableException(
            "its classes or native libraries do not load ("
                + e
                + "); put the jars that vae4j depends on, with their natives, on the class path",
            e);
      }
    }

    /** Whether the class is there, and its initialiser has failed in an earlier use. */
    private static boolean hasFailedBefore(NoClassDefFoundError e) {
      return e.getCause() instanceof ExceptionInInitializerError
          || String.valueOf(e.getMessage()).startsWith("Could not initialize class");
    }

    /** The jars that have the classes of the backend. */
    private String jars() {
      return switch (kind) {
        case CUDA ->
            "org.bytedeco:cuda:13.1-9.19-1.5.13, without a classifier and with linux-x86_64, and"
                + " io.github.vae4j:vae4j without the classifier runtime";
        case CPU ->
            "org.bytedeco:javacpp:1.5.13, without a classifier and with linux-x86_64, and"
                + " org.bytedeco:dnnl:3.11-1.5.13 with linux-x86_64";
        default -> "the jars that vae4j depends on";
      };
    }

    String id() {
      return kind.name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The result of the attempt to open a backend.
   *
   * @param kind the backend
   * @param available whether the backend can be opened
   * @param description of its device, or the fault and the remedy
   */
  public record Status(Kind kind, boolean available, String description) {}

  /**
   * Opens a backend.
   *
   * @param options the choice and its settings
   * @return the backend, owned by the caller
   * @throws BackendUnavailableException if the chosen backend cannot be used here
   */
  public static Backend open(BackendOptions options) {
    return open(options, BEST_FIRST, LOG::info, LOG::warn);
  }

  /**
   * Opens every backend and closes it again.
   *
   * @param options threads and precision; the kind is ignored
   * @return one result for each backend, best first
   */
  public static List<Status> probe(BackendOptions options) {
    return probe(options, BEST_FIRST);
  }

  static Backend open(
      BackendOptions options, List<Opener> openers, Consumer<String> log, Consumer<String> warn) {
    StringBuilder passed = new StringBuilder();
    StringBuilder reasons = new StringBuilder();
    for (Opener opener : openers) {
      if (options.kind() != Kind.AUTO && options.kind() != opener.kind()) {
        continue;
      }
      try {
        Backend backend = opener.tryOpen(options);
        String chosen = "backend " + backend.name() + " (" + backend.description() + ")";
        if (opener.kind() == Kind.REFERENCE && options.kind() == Kind.AUTO) {
          warn.accept(chosen + ", which is many times slower than cpu" + reasons);
        } else {
          log.accept(chosen + passed);
        }
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

  /** The fault alone; the result of {@link #probe} also has the folders searched and the remedy. */
  private static String cause(BackendUnavailableException e) {
    return String.valueOf(e.getMessage()).split("; | \\(", 2)[0];
  }

  static List<Status> probe(BackendOptions options, List<Opener> openers) {
    List<Status> results = new ArrayList<>();
    for (Opener opener : openers) {
      try (Backend backend = opener.tryOpen(options)) {
        results.add(new Status(opener.kind(), true, backend.diagnosis()));
      } catch (BackendUnavailableException e) {
        results.add(new Status(opener.kind(), false, String.valueOf(e.getMessage())));
      }
    }
    return List.copyOf(results);
  }
}
