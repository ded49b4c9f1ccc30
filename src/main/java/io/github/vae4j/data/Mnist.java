// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.io.InputStream;

/** The bundled MNIST, which has a separate artifact because of its size and licence. */
final class Mnist {
  private static final String FOLDER = "mnist/";

  private Mnist() {}

  /**
   * Reads a part of MNIST with its labels.
   *
   * @param name the specification
   * @param part "train" or "t10k"
   */
  static DataSet open(String name, String part) {
    try (NamedInput images = resource(part + "-images-idx3-ubyte.gz");
        NamedInput labels = resource(part + "-labels-idx1-ubyte.gz")) {
      return Idx.read(name, images, labels);
    }
  }

  static NamedInput resource(String file) {
    InputStream stream = Mnist.class.getResourceAsStream(FOLDER + file);
    if (stream == null) {
      // A class of a module finds only the resources of its own jar; the artifact is another jar.
      String path = Mnist.class.getPackageName().replace('.', '/') + "/" + FOLDER + file;
      stream = Mnist.class.getClassLoader().getResourceAsStream(path);
    }
    if (stream == null) {
      throw new DataException(
          "mnist: "
              + file
              + " is not on the class path; add the artifact io.github.vae4j:vae4j with the"
              + " classifier mnist (the same version as vae4j), or use idx:FILE");
    }
    return NamedInput.gzip(FOLDER + file, stream);
  }
}
