package io.github.vae4j.data;

import java.io.InputStream;

/** The bundled MNIST, which has an artifact of its own because of its size and licence. */
final class Mnist {
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
    InputStream stream = Mnist.class.getResourceAsStream("mnist/" + file);
    if (stream == null) {
      throw new DataException(
          "mnist: "
              + file
              + " is not on the class path; add the artifact io.github.vae4j:vae4j with the"
              + " classifier mnist (the same version as vae4j), or use idx:FILE");
    }
    return NamedInput.gzip("mnist/" + file, stream);
  }
}
