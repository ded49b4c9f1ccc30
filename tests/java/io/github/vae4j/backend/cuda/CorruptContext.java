// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.cuda.driver.CudaFatalException;
import java.lang.reflect.Method;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/**
 * Ensures that one error on the device fails only one test. After the error each call of the
 * context fails, so that later tests do not test their code: they are skipped, with the name of the
 * test that corrupted the context. On a real device the later tests are those of the process,
 * because cuBLASLt keeps the primary context; on the emulated device, which makes a new context for
 * each backend, they are those of the class.
 */
abstract class CorruptContext implements InvocationInterceptor {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(CorruptContext.class);

  private static final String CULPRIT = "culprit";

  @Override
  public final void interceptBeforeEachMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    guard(invocation, context);
  }

  @Override
  public final void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    guard(invocation, context);
  }

  @Override
  public final void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    guard(invocation, context);
  }

  @Override
  public final void interceptDynamicTest(
      Invocation<Void> invocation, DynamicTestInvocationContext test, ExtensionContext context)
      throws Throwable {
    guard(invocation, context);
  }

  private static void guard(Invocation<Void> invocation, ExtensionContext context)
      throws Throwable {
    guard(invocation, lasting(context).getStore(NAMESPACE), context.getDisplayName());
  }

  /** Runs a test, unless an earlier test corrupted the context. */
  static void guard(Invocation<Void> invocation, ExtensionContext.Store store, String name)
      throws Throwable {
    String culprit = store.get(CULPRIT, String.class);
    if (culprit != null) {
      invocation.skip();
      throw new TestAbortedException("skipped: the CUDA context is corrupt since " + culprit);
    }
    try {
      invocation.proceed();
    } catch (Throwable t) {
      CudaFatalException fatal = fatal(t);
      if (fatal == null) {
        throw t;
      }
      store.put(CULPRIT, name);
      throw new AssertionError("fatal in " + name + ": " + fatal.getMessage(), t);
    }
  }

  /** The fatal error among the causes of a failure; null if there is none. */
  private static @Nullable CudaFatalException fatal(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CudaFatalException found) {
        return found;
      }
    }
    return null;
  }

  /** JUnit's context with the lifetime of the CUDA context: that of the class, or of all tests. */
  private static ExtensionContext lasting(ExtensionContext context) {
    ExtensionContext root = context.getRoot();
    ExtensionContext level = context;
    while (EmulatedDevice.used() && !level.getParent().equals(Optional.of(root))) {
      level = level.getParent().orElse(root);
    }
    return EmulatedDevice.used() ? level : root;
  }
}
