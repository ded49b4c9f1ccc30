// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.bytedeco.cuda.global.cudart.cuLaunchKernel;
import static org.bytedeco.cuda.global.cudart.cuLaunchKernelEx;

import java.util.List;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/** A kernel launch with its arguments in native memory: a submission allocates nothing. */
public final class Launch implements Step {
  /** The largest y dimension of a grid. */
  public static final int MAX_GRID_Y = 65535;

  private static final @Nullable PointerPointer<Pointer> NO_EXTRA = null;

  private final CudaContext context;
  private final CUfunc_st function;
  private final String kernel;
  private final Shape shape;
  private final String what;
  private final List<Integer> sizes;
  private final BytePointer values;
  private final PointerPointer<Pointer> addresses;
  private final int[] blocks;
  private final int blockBytes;
  private final @Nullable DependentLaunch dependent;
  private int block;

  /**
   * The number of blocks and of threads of a block.
   *
   * @param gridX blocks
   * @param gridY blocks
   * @param blockX threads
   * @param blockY threads
   */
  public record Shape(int gridX, int gridY, int blockX, int blockY) {
    /**
     * A line of blocks.
     *
     * @param blocks the number of blocks
     * @param threads the number of threads of a block
     * @return the shape
     */
    public static Shape line(long blocks, int threads) {
      return new Shape(Math.toIntExact(blocks), 1, threads, 1);
    }
  }

  /**
   * A launch of a function.
   *
   * @param dependent whether it may begin before the preceding kernel has ended
   */
  Launch(
      CudaContext context,
      CUfunc_st function,
      String kernel,
      Shape shape,
      Arguments arguments,
      boolean dependent) {
    this.context = context;
    this.function = function;
    this.kernel = kernel;
    this.shape = shape;
    this.sizes = arguments.sizes();
    this.what = kernel + " " + shape;
    byte[] bytes = arguments.bytes();
    List<Integer> offsets = arguments.offsets();
    this.values = new BytePointer(bytes.length);
    values.put(bytes);
    this.addresses = new PointerPointer<>(offsets.size());
    this.blocks = arguments.blocks().stream().mapToInt(Integer::intValue).toArray();
    this.blockBytes = arguments.blockBytes();
    for (int i = 0; i < offsets.size(); i++) {
      addresses.put(i, values.getPointer(offsets.get(i)));
    }
    this.dependent = dependent ? new DependentLaunch(shape) : null;
  }

  @Override
  public void submit(int block) {
    place(block);
    context.launching(what);
    if (dependent == null) {
      context.calls().check(launch(), "cuLaunchKernel");
    } else {
      int code = cuLaunchKernelEx(dependent.on(context.stream()), function, addresses, NO_EXTRA);
      context.calls().check(code, "cuLaunchKernelEx");
    }
    context.launched();
  }

  private int launch() {
    return cuLaunchKernel(
        function,
        shape.gridX,
        shape.gridY,
        1,
        shape.blockX,
        shape.blockY,
        1,
        0,
        context.stream(),
        addresses,
        NO_EXTRA);
  }

  /** The kernel's name. */
  String kernel() {
    return kernel;
  }

  /** The bytes of each argument's slots, in the order of the kernel's parameters. */
  List<Integer> argumentSizes() {
    return sizes;
  }

  /**
   * Sets the pointers among the arguments to a block; the driver copies the arguments in the call.
   */
  private void place(int wanted) {
    if (wanted != block) {
      long shift = (long) (wanted - block) * blockBytes;
      for (int at : blocks) {
        values.putLong(at, values.getLong(at) + shift);
      }
      block = wanted;
    }
  }

  @Override
  public void close() {
    if (dependent != null) {
      dependent.close();
    }
    addresses.close();
    values.close();
  }
}
