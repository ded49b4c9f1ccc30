// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.dnn;

import io.github.vae4j.VaeException;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.cuda.CudaBackend;
import io.github.vae4j.tensor.Arena;
import java.util.List;

/** Runs a dense layer and compiles convolutions, in a process of its own; prints what fails. */
public final class WithoutCudnn {
  private WithoutCudnn() {}

  /**
   * The program.
   *
   * @param args none
   */
  public static void main(String[] args) {
    try (Backend backend = CudaBackend.open(Precision.FP32);
        Arena arena = new Arena()) {
      ConvNet net = new ConvNet(backend, arena);
      net.dense();
      System.out.println("dense works");
      net.ops()
          .forEach(
              op -> {
                try {
                  arena.own(backend.compile(List.of(op)));
                  System.out.println("a convolution compiles");
                } catch (VaeException e) {
                  System.out.println(e.getMessage());
                }
              });
      net.dense();
      System.out.println("dense still works");
    }
  }
}
