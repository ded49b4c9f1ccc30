// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.service;

import java.io.File;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several applications of one JVM, each a {@link Service} in a class loader of its own. */
public final class Loaders {
  private Loaders() {}

  /**
   * Starts the applications at once.
   *
   * @param arguments the number of applications, their class path, the class path of the class
   *     loader above them (may be empty), and the arguments of each
   */
  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[0]);
    URL[] own = urls(arguments[1]);
    String[] rest = Arrays.copyOfRange(arguments, 3, arguments.length);
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try (URLClassLoader shared =
        new URLClassLoader(urls(arguments[2]), ClassLoader.getPlatformClassLoader())) {
      List<URLClassLoader> loaders = new ArrayList<>();
      List<Callable<Object>> calls = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        URLClassLoader loader = new URLClassLoader(own, shared);
        loaders.add(loader);
        calls.add(() -> main(loader).invoke(null, (Object) rest));
      }
      for (Future<Object> call : threads.invokeAll(calls)) {
        call.get();
      }
      for (URLClassLoader loader : loaders) {
        loader.close();
      }
    } finally {
      threads.shutdown();
    }
  }

  private static Method main(ClassLoader loader) throws ReflectiveOperationException {
    return loader.loadClass(Service.class.getName()).getMethod("main", String[].class);
  }

  private static URL[] urls(String path) throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : path.split(File.pathSeparator, -1)) {
      if (!entry.isEmpty()) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    return urls.toArray(new URL[0]);
  }
}
