// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import io.github.vae4j.VaeException;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.tensor.Matrix;
import java.nio.file.Path;

/** A network that turns images into features. */
public interface ImageFeatures extends AutoCloseable {
  /**
   * The features of images.
   *
   * @param images (n, shape.features()), values in [0, 1]
   * @param shape how a row is an image
   * @return (n, features)
   */
  Matrix features(Matrix images, ImageShape shape);

  @Override
  void close();

  /**
   * Opens a network in ONNX. It has one input, float32 of shape (N, 3, H, W) or (N, H, W, 3), and
   * its first output is taken, whatever its shape, as the features of N images. It is given red,
   * green and blue in [0, 1], resized to H x W bilinearly: scaling and mean are its own affair. A
   * dimension N, H or W that the network leaves open takes the images' size. Needs ONNX Runtime on
   * the class path: com.microsoft.onnxruntime:onnxruntime.
   *
   * @param file a .onnx file
   * @return the network; the caller closes it
   * @throws VaeException if there is no ONNX Runtime, or the file is none that fits
   */
  static ImageFeatures onnx(Path file) {
    try {
      return OnnxFeatures.open(file);
    } catch (NoClassDefFoundError e) {
      throw new VaeException(
          "a network in ONNX needs ONNX Runtime, which is not on the class path: add"
              + " com.microsoft.onnxruntime:onnxruntime to your dependencies, or its jar to the folder"
              + " lib of an installed vae4j",
          e);
    }
  }
}
