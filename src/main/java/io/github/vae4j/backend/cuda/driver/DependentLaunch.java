// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.bytedeco.cuda.global.cudart.CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION;

import org.bytedeco.cuda.cudart.CUlaunchAttribute;
import org.bytedeco.cuda.cudart.CUlaunchConfig;
import org.bytedeco.cuda.cudart.CUstream_st;

/**
 * The configuration, in native memory, of a launch that may begin before the preceding kernel of
 * the stream has ended, if that kernel allows it (programmatic stream serialization). In a graph it
 * becomes a programmatic edge; after work other than a kernel it is a normal launch.
 */
final class DependentLaunch implements AutoCloseable {
  private final CUlaunchAttribute attribute = new CUlaunchAttribute(1);
  private final CUlaunchConfig config = new CUlaunchConfig(1);

  DependentLaunch(Launch.Shape shape) {
    attribute.id(CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION);
    attribute.value().programmaticStreamSerializationAllowed(1);
    config
        .gridDimX(shape.gridX())
        .gridDimY(shape.gridY())
        .gridDimZ(1)
        .blockDimX(shape.blockX())
        .blockDimY(shape.blockY())
        .blockDimZ(1)
        .sharedMemBytes(0)
        .attrs(attribute)
        .numAttrs(1);
  }

  /** The configuration for a stream. */
  CUlaunchConfig on(CUstream_st stream) {
    return config.hStream(stream);
  }

  @Override
  public void close() {
    config.close();
    attribute.close();
  }
}
