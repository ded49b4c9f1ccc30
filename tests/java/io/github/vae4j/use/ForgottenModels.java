// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import io.github.vae4j.backend.BackendOptions;

/** Opens models and forgets them, in a JVM of its own. */
public final class ForgottenModels {
  private ForgottenModels() {}

  /** Arguments: the number of models. */
  public static void main(String[] arguments) throws InterruptedException {
    for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
      SmallModel.create(BackendOptions.Kind.CPU).weights();
    }
    for (int i = 0; i < 50; i++) {
      System.gc();
      Thread.sleep(10);
    }
    System.out.println("done");
  }
}
