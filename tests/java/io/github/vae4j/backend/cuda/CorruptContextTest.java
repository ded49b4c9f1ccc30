// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.cuda.driver.CudaException;
import io.github.vae4j.backend.cuda.driver.CudaFatalException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.global.cudart;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor.Invocation;
import org.opentest4j.TestAbortedException;

/** One fatal error fails one test; later tests are skipped and name that test. */
final class CorruptContextTest {
  private final ExtensionContext.Store store = store();
  private final List<String> ran = new ArrayList<>();

  private void test(String name, @Nullable Throwable failure) throws Throwable {
    Invocation<@Nullable Void> body =
        () -> {
          ran.add(name);
          if (failure != null) {
            throw failure;
          }
          return null;
        };
    CorruptContext.guard(body, store, name);
  }

  @Test
  void whatFollowsAFatalErrorIsSkipped() throws Throwable {
    int code = cudart.CUDA_ERROR_MISALIGNED_ADDRESS;
    CudaFatalException fatal = new CudaFatalException("misaligned", "cuLaunchKernel", code, "716");
    test("first", null);
    AssertionError red =
        assertThrows(
            AssertionError.class,
            () -> test("second", new IllegalStateException("wrapped", fatal)));
    assertTrue(String.valueOf(red.getMessage()).startsWith("fatal in second: misaligned"));
    TestAbortedException skipped =
        assertThrows(TestAbortedException.class, () -> test("third", null));
    assertEquals("skipped: the CUDA context is corrupt since second", skipped.getMessage());
    assertEquals(List.of("first", "second"), ran);
  }

  @Test
  void otherFailuresStopNothing() throws Throwable {
    CudaException failure = new CudaException("out of memory", "cuMemAlloc", 2, "OUT_OF_MEMORY");
    assertSame(failure, assertThrows(CudaException.class, () -> test("first", failure)));
    test("second", null);
    assertEquals(List.of("first", "second"), ran);
  }

  /** A store of values by their keys. */
  private static ExtensionContext.Store store() {
    Map<Object, Object> values = new HashMap<>();
    return (ExtensionContext.Store)
        Proxy.newProxyInstance(
            CorruptContextTest.class.getClassLoader(),
            new Class<?>[] {ExtensionContext.Store.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "get" -> values.get(arguments[0]);
                  case "put" -> values.put(arguments[0], arguments[1]);
                  default -> throw new UnsupportedOperationException(method.toString());
                });
  }
}
