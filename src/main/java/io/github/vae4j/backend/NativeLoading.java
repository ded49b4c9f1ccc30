// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The loading of native libraries by JavaCPP, in any thread and beside any use of memory. */
public final class NativeLoading {
  /** The initialisers of oneDNN take more than half of a MiB: with less they end the JVM. */
  private static final long STACK_BYTES = 8L << 20;

  /** JavaCPP's limit of the process's memory, by both of its spellings. */
  private static final String MEMORY_LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";

  private static final String MEMORY_LIMIT_LOWER = "org.bytedeco.javacpp.maxphysicalbytes";

  /**
   * A literal, and so one object for all class loaders of the JVM: JavaCPP locks its folder by a
   * file, and a process that locks a file twice gets an exception.
   */
  private static final String LOCK = "io.github.vae4j.backend.NativeLoading";

  private NativeLoading() {}

  /**
   * Unpacks and loads libraries while no other thread of this JVM does, of any class loader.
   *
   * @param loading unpacks and loads
   * @param <T> its result
   * @return the result
   */
  public static <T> T exclusively(Supplier<T> loading) {
    synchronized (LOCK) {
      return loading.get();
    }
  }

  /**
   * Refuses a JavaCPP of another class loader, which binds libraries to that one, or to the first
   * of several applications.
   *
   * @param javaCpp a class of JavaCPP
   * @param own a class of vae4j
   * @throws BackendUnavailableException if their class loaders differ
   */
  public static void requireOneLoader(Class<?> javaCpp, Class<?> own) {
    if (javaCpp.getClassLoader() != own.getClassLoader()) {
      throw new BackendUnavailableException(
          "JavaCPP is in another class loader than vae4j ("
              + javaCpp.getClassLoader()
              + ", "
              + own.getClassLoader()
              + "); put the jars of vae4j, JavaCPP and their natives into each application, and not"
              + " into a folder that applications share");
    }
  }

  /**
   * Settings of JavaCPP, to be called before its first use: the folder of its libraries, and no
   * limit of the process's memory, which would be four times Java's heap: a native allocation
   * failed beside a small heap although the system had the memory. A limit that is set stays.
   */
  public static void prepare() {
    PrivateFolder.chooseCache();
    if (System.getProperty(MEMORY_LIMIT) == null
        && System.getProperty(MEMORY_LIMIT_LOWER) == null) {
      System.setProperty(MEMORY_LIMIT, "0");
    }
  }

  /**
   * Loads libraries in a thread whose stack is large enough for their initialisers, whatever -Xss
   * is.
   *
   * @param loading loads them
   * @throws LinkageError if they do not load, also where Java denies native access
   */
  public static void run(Runnable loading) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread = new Thread(null, loading, "vae4j-load", STACK_BYTES);
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler((dead, e) -> failure.set(e));
    thread.start();
    join(thread);
    Throwable thrown = failure.get();
    if (thrown instanceof IllegalCallerException denied) {
      UnsatisfiedLinkError error =
          new UnsatisfiedLinkError(
              denied.getMessage()
                  + "; run java with --enable-native-access=ALL-UNNAMED, or with the names of the"
                  + " modules of vae4j and JavaCPP");
      error.addSuppressed(denied);
      throw error;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
