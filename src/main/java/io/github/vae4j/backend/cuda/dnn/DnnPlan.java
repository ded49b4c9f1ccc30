// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.dnn;

import static org.bytedeco.cuda.global.cudnn.*;

import io.github.vae4j.backend.Window;
import io.github.vae4j.backend.cuda.driver.Closing;
import io.github.vae4j.backend.cuda.driver.DeviceAddress;
import io.github.vae4j.backend.cuda.driver.Step;
import io.github.vae4j.tensor.Arena;
import org.bytedeco.cuda.cudnn.cudnnConvolutionStruct;
import org.bytedeco.cuda.cudnn.cudnnFilterStruct;
import org.bytedeco.cuda.cudnn.cudnnTensorStruct;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * A planned convolution: descriptors, algorithm and workspace. {@link DnnSearch} finds the
 * algorithm.
 */
@SuppressWarnings("deprecation") // The legacy API: see the package's comment.
final class DnnPlan implements Step {
  private final DnnHandle dnn;
  private final DnnConvolution convolution;
  private final DnnWorkspace workspace;
  private final String what;
  private final Arena owned = new Arena();
  private final Pointer x;
  private final Pointer filter;
  private final Pointer y;
  private final FloatPointer one;
  private final FloatPointer zero;
  private final SizeTPointer bytes;
  private final cudnnTensorStruct layoutX;
  private final cudnnTensorStruct layoutY;
  private final cudnnFilterStruct layoutFilter;
  private final cudnnConvolutionStruct description;
  private DnnAlgorithm algorithm;

  /** A convolution with its first candidate as the algorithm. */
  DnnPlan(
      DnnHandle dnn, DnnConvolution convolution, DnnWorkspace workspace, DnnAlgorithm algorithm) {
    this.dnn = dnn;
    this.convolution = convolution;
    this.workspace = workspace;
    this.algorithm = algorithm;
    this.what = convolution.toString();
    this.x = new DeviceAddress(convolution.x());
    this.filter = new DeviceAddress(convolution.filter());
    this.y = new DeviceAddress(convolution.y());
    this.one = owned.own(new FloatPointer(1f));
    this.zero = owned.own(new FloatPointer(0f));
    this.bytes = owned.own(new SizeTPointer(1));
    try {
      layoutX = layout(convolution.channels(), convolution.height(), convolution.width());
      layoutY =
          layout(
              convolution.outputChannels(), convolution.outputHeight(), convolution.outputWidth());
      layoutFilter = filter();
      description = describe();
    } catch (Throwable t) {
      Closing.suppressing(t, owned);
      throw t;
    }
  }

  DnnConvolution.Pass pass() {
    return convolution.pass();
  }

  /**
   * Sets the algorithm, and reserves its workspace if cuDNN has it.
   *
   * @return cuDNN's status
   */
  int tryBy(DnnAlgorithm chosen) {
    algorithm = chosen;
    check(cudnnSetConvolutionMathType(description, chosen.math()), "cudnnSetConvolutionMathType");
    int number = chosen.number();
    int status =
        switch (convolution.pass()) {
          case FORWARD ->
              cudnnGetConvolutionForwardWorkspaceSize(
                  dnn.handle(), layoutX, layoutFilter, description, layoutY, number, bytes);
          case DATA_GRADIENT ->
              cudnnGetConvolutionBackwardDataWorkspaceSize(
                  dnn.handle(), layoutFilter, layoutY, description, layoutX, number, bytes);
          case FILTER_GRADIENT ->
              cudnnGetConvolutionBackwardFilterWorkspaceSize(
                  dnn.handle(), layoutX, layoutY, description, layoutFilter, number, bytes);
        };
    if (status == CUDNN_STATUS_SUCCESS) {
      workspace.reserve(bytes.get());
    }
    return status;
  }

  @Override
  public void submit(int block) {
    check(trySubmit(), convolution.pass().call());
    dnn.context().launched();
  }

  /** Submits it and returns cuDNN's status without a check. */
  int trySubmit() {
    dnn.context().launching(what);
    // The stream differs during a capture of branches and when times are measured.
    check(cudnnSetStream(dnn.handle(), dnn.context().stream()), "cudnnSetStream");
    Pointer scratch = new DeviceAddress(workspace.address());
    long room = workspace.bytes();
    int number = algorithm.number();
    return switch (convolution.pass()) {
      case FORWARD ->
          cudnnConvolutionForward(
              dnn.handle(),
              one,
              layoutX,
              x,
              layoutFilter,
              filter,
              description,
              number,
              scratch,
              room,
              zero,
              layoutY,
              y);
      case DATA_GRADIENT ->
          cudnnConvolutionBackwardData(
              dnn.handle(),
              one,
              layoutFilter,
              filter,
              layoutY,
              y,
              description,
              number,
              scratch,
              room,
              zero,
              layoutX,
              x);
      case FILTER_GRADIENT ->
          cudnnConvolutionBackwardFilter(
              dnn.handle(),
              one,
              layoutX,
              x,
              layoutY,
              y,
              description,
              number,
              scratch,
              room,
              zero,
              layoutFilter,
              filter);
    };
  }

  @Override
  public void close() {
    owned.close();
  }

  private cudnnTensorStruct layout(int channels, int height, int width) {
    cudnnTensorStruct made = new cudnnTensorStruct();
    check(cudnnCreateTensorDescriptor(made), "cudnnCreateTensorDescriptor");
    owned.own(() -> checkClose(cudnnDestroyTensorDescriptor(made), "cudnnDestroyTensorDescriptor"));
    check(
        cudnnSetTensor4dDescriptor(
            made,
            CUDNN_TENSOR_NHWC,
            CUDNN_DATA_FLOAT,
            convolution.images(),
            channels,
            height,
            width),
        "cudnnSetTensor4dDescriptor");
    return made;
  }

  private cudnnFilterStruct filter() {
    cudnnFilterStruct made = new cudnnFilterStruct();
    check(cudnnCreateFilterDescriptor(made), "cudnnCreateFilterDescriptor");
    owned.own(() -> checkClose(cudnnDestroyFilterDescriptor(made), "cudnnDestroyFilterDescriptor"));
    check(
        cudnnSetFilter4dDescriptor(
            made,
            CUDNN_DATA_FLOAT,
            CUDNN_TENSOR_NHWC,
            convolution.outputChannels(),
            convolution.channels() / convolution.groups(),
            convolution.window().kernelHeight(),
            convolution.window().kernelWidth()),
        "cudnnSetFilter4dDescriptor");
    return made;
  }

  private cudnnConvolutionStruct describe() {
    Window window = convolution.window();
    cudnnConvolutionStruct made = new cudnnConvolutionStruct();
    check(cudnnCreateConvolutionDescriptor(made), "cudnnCreateConvolutionDescriptor");
    owned.own(
        () ->
            checkClose(
                cudnnDestroyConvolutionDescriptor(made), "cudnnDestroyConvolutionDescriptor"));
    check(
        cudnnSetConvolution2dDescriptor(
            made,
            window.paddingHeight(),
            window.paddingWidth(),
            window.strideHeight(),
            window.strideWidth(),
            window.dilationHeight(),
            window.dilationWidth(),
            CUDNN_CROSS_CORRELATION,
            CUDNN_DATA_FLOAT),
        "cudnnSetConvolution2dDescriptor");
    check(
        cudnnSetConvolutionGroupCount(made, convolution.groups()), "cudnnSetConvolutionGroupCount");
    return made;
  }

  private void check(int status, String call) {
    dnn.calls().check(status, call, what);
  }

  private void checkClose(int status, String call) {
    dnn.calls().checkClose(status, call);
  }
}
