// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Handlers of signals until this is closed. They are set by reflection, because {@code
 * sun.misc.Signal} is all that Java has for a second signal, and some runtimes are without it.
 */
final class Signals implements AutoCloseable {
  private final Method handle;
  private final Map<Object, Object> previous = new LinkedHashMap<>();

  private Signals(Method handle) {
    this.handle = handle;
  }

  /**
   * Handles signals, apart from those that the process ignores or that the JVM leaves alone.
   *
   * @param names of the signals, such as INT
   * @param handler receives a signal's number, on a thread of its own
   * @return null if no signal can be handled
   */
  static @Nullable Signals handle(List<String> names, IntConsumer handler) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> type = Class.forName("sun.misc.SignalHandler");
      Method number = signal.getMethod("getNumber");
      Object proxy =
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (self, method, arguments) -> {
                if (!method.getName().equals("handle")) {
                  return method.invoke(handler, arguments);
                }
                handler.accept((int) number.invoke(Objects.requireNonNull(arguments)[0]));
                return null;
              });
      Signals signals = new Signals(signal.getMethod("handle", signal, type));
      for (String name : names) {
        signals.set(signal.getConstructor(String.class), name, proxy);
      }
      return signals.previous.isEmpty() ? null : signals;
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  private void set(Constructor<?> signal, String name, Object handler) {
    try {
      Object instance = signal.newInstance(name);
      previous.put(instance, handle.invoke(null, instance, handler));
    } catch (ReflectiveOperationException e) {
      // The system has no such signal, or the JVM runs with -Xrs.
      return;
    }
  }

  @Override
  public void close() {
    previous.forEach(
        (signal, handler) -> {
          try {
            handle.invoke(null, signal, handler);
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
