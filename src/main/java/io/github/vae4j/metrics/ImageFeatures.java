// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import io.github.vae4j.VaeException;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.tensor.Matrix;
import java.nio.file.Path;

/** A network from images to features. */
public interface ImageFeatures extends AutoCloseable {
  /**
   * The features of images.
   *
   * @param images (n, shape.features()), values in [0, 1]
   * @param shape of a row as an image
   * @return (n, features)
   */
  Matrix features(Matrix images, ImageShape shape);

  @Override
  void close();

  /**
   * Opens a network in ONNX. It must have one input, float32 of shape (N, 3, H, W) or (N, H, W, 3);
   * its first output, of any shape, is the features of N images. The network gets red, green and
   * blue in [0, 1], resized to H x W bilinearly, and must itself scale them or subtract means. A
   * dimension N, H or W that is not fixed in the network is that of the images. Needs ONNX Runtime
   * on the class path: com.microsoft.onnxruntime:onnxruntime. From 1.29 on ONNX Runtime sends data
   * to Microsoft; such a version is refused unless ORT_DISABLE_TELEMETRY=1 is in the environment.
   *
   * @param file a .onnx file
   * @return the network; the caller closes it
   * @throws VaeException if ONNX Runtime is missing or would send data, or the file is not such a
   *     network
   */
  static ImageFeatures onnx(Path file) {
    try {
      return OnnxFeatures.open(file);
    } catch (NoClassDefFoundError e) {
      throw new VaeException(
          "a network in ONNX needs ONNX Runtime, which is not on the class path: add"
              + " com.microsoft.onnxruntime:onnxruntime:1.28.0 to your dependencies, or its jar to the"
              + " folder lib of an installed vae4j",
          e);
    }
  }
}
