// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.train.TrainListener;
import io.github.vae4j.train.Trainer;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Closes models beside their training, in a JVM of its own, which such a call once ended. Prints a
 * line for each round.
 */
public final class CloseBesideTraining {
  private CloseBesideTraining() {}

  /** Arguments: the backend, the number of rounds. */
  public static void main(String[] arguments) throws InterruptedException, ExecutionException {
    BackendOptions.Kind kind = BackendOptions.Kind.valueOf(arguments[0]);
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < Integer.parseInt(arguments[1]); round++) {
      round(kind, round, random);
    }
    System.out.println("done");
  }

  private static void round(BackendOptions.Kind kind, int round, SplittableRandom random)
      throws InterruptedException, ExecutionException {
    Vae vae = SmallModel.create(kind);
    DataSet data = SmallModel.rows();
    Trainer trainer = vae.trainer(data, null, SmallModel.config(1_000_000), TrainListener.NONE);
    boolean ofVae = round % 2 == 0;
    AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
    CompletableFuture<Trainer.Result> result =
        CompletableFuture.supplyAsync(
            () ->
                ofVae
                    ? vae.train(data, null, SmallModel.config(1_000_000), TrainListener.NONE)
                    : trainer.run(() -> false),
            task -> {
              Thread trains = new Thread(task, "training");
              thread.set(trains);
              trains.start();
            });
    Thread.sleep(random.nextInt(10, 60));
    int refused = refused(trainer) + refused(vae) + refused(vae.backend());
    Thread training = thread.get();
    if (training != null) {
      training.interrupt();
    }
    Trainer.End end = result.get().end();
    trainer.close();
    vae.close();
    data.close();
    System.out.println("round " + round + ": " + refused + " refused, " + end);
  }

  private static int refused(AutoCloseable closed) {
    try {
      closed.close();
      return 0;
    } catch (IllegalStateException e) {
      return String.valueOf(e.getMessage()).contains(" is in use by thread \"training\"") ? 1 : 0;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
