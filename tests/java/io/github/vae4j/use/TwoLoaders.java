// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import io.github.vae4j.Vae;
import io.github.vae4j.VaeException;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.train.TrainListener;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Two applications of one JVM, as in a servlet container: each has the class path in a class loader
 * of its own. One line on standard output for each of its trainings.
 */
final class TwoLoaders {
  private TwoLoaders() {}

  /**
   * Trains in the first, in the second and in the first application again, on a backend.
   *
   * @param args the backend; a folder that comes first on the class path of the second
   */
  public static void main(String[] args) throws Exception {
    inEach(TwoLoaders.class, "train", args[0], args.length > 1 ? args[1] : null);
  }

  /**
   * Calls a method in the first, in the second and in the first application again.
   *
   * @param program has the method
   * @param name of the method, which takes a text and gives one
   * @param argument of it
   * @param first on the class path of the second application; null for nothing
   */
  static void inEach(Class<?> program, String name, String argument, @Nullable String first)
      throws Exception {
    List<URL> path = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      path.add(Path.of(entry).toUri().toURL());
    }
    URL[] urls = path.toArray(new URL[0]);
    List<URL> otherPath = new ArrayList<>(path);
    if (first != null) {
      otherPath.add(0, Path.of(first).toUri().toURL());
    }
    URL[] otherUrls = otherPath.toArray(new URL[0]);
    ClassLoader java = ClassLoader.getPlatformClassLoader();
    try (URLClassLoader one = new URLClassLoader("one", urls, java);
        URLClassLoader two = new URLClassLoader("two", otherUrls, java)) {
      for (URLClassLoader loader : List.of(one, two, one)) {
        Class<?> trial = loader.loadClass(program.getName());
        if (trial == program) {
          throw new IllegalStateException("one class for both");
        }
        var method = trial.getDeclaredMethod(name, String.class);
        method.setAccessible(true);
        System.out.println(loader.getName() + ": " + method.invoke(null, argument));
      }
    }
  }

  static String train(String backend) {
    BackendOptions.Kind kind = BackendOptions.Kind.valueOf(backend.toUpperCase(Locale.ROOT));
    try (Vae vae = SmallModel.create(kind)) {
      vae.train(SmallModel.rows(), null, SmallModel.config(2), TrainListener.NONE);
      return vae.backend().name() + " " + vae.evaluate(SmallModel.rows()).elbo();
    } catch (VaeException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
