// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.dnn;

import static org.bytedeco.cuda.global.cudnn.CUDNN_STATUS_SUCCESS;

import io.github.vae4j.backend.cuda.driver.Choices;
import io.github.vae4j.backend.cuda.driver.Closing;
import io.github.vae4j.backend.cuda.driver.CudaException;
import io.github.vae4j.backend.cuda.driver.CudaFatalException;
import io.github.vae4j.tensor.Arena;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the algorithm of a convolution among the deterministic ones: they are timed and the fastest
 * is chosen ({@link Choices}), or the first that runs where nothing is measured. Each plan runs
 * once, on scratch memory, before it is returned: so a refusal appears here and not in the middle
 * of a capture, and kernels that cuDNN loads lazily are loaded.
 */
final class DnnSearch {
  private static final Logger LOG = LoggerFactory.getLogger(DnnSearch.class);

  private final DnnHandle dnn;
  private final Choices choices;
  private final boolean tf32;
  private final Set<String> proven = new HashSet<>();

  DnnSearch(DnnHandle dnn, Choices choices, boolean tf32) {
    this.dnn = dnn;
    this.choices = choices;
    this.tf32 = tf32;
  }

  /**
   * Plans a convolution.
   *
   * @return the plan, owned by the caller
   */
  DnnPlan plan(DnnConvolution convolution, DnnWorkspace workspace) {
    dnn.context().enter();
    List<DnnAlgorithm> candidates = DnnAlgorithm.candidates(convolution.pass(), tf32);
    DnnPlan plan = new DnnPlan(dnn, convolution, workspace, candidates.get(0));
    try {
      DnnAlgorithm chosen = kept(convolution, candidates);
      int status = plan.tryBy(chosen == null ? search(convolution, candidates) : chosen);
      dnn.calls().check(status, convolution.pass().workspaceCall(), convolution.toString());
      return plan;
    } catch (Throwable t) {
      Closing.suppressing(t, plan);
      throw t;
    }
  }

  /** The key of a convolution in the choices: all properties that determine its algorithms. */
  private String key(DnnConvolution convolution) {
    return DnnHandle.versionName() + " " + convolution + " tf32=" + tf32;
  }

  /** The algorithm that was chosen before, if there is one and it still runs. */
  private @Nullable DnnAlgorithm kept(DnnConvolution convolution, List<DnnAlgorithm> candidates) {
    String key = key(convolution);
    String choice = choices.get(key);
    if (choice == null) {
      return null;
    }
    DnnAlgorithm algorithm = DnnAlgorithm.of(choice, candidates);
    // By key and choice: a resumed run may have another choice for the same key.
    String proof = key + choice;
    if (algorithm != null && (proven.contains(proof) || runs(convolution, algorithm, proof))) {
      return algorithm;
    }
    LOG.warn("{}: the algorithm that was kept is refused: another is chosen, with other bits", key);
    return null;
  }

  /** Whether an algorithm runs, or there is no memory to try it in: it ran when it was chosen. */
  private boolean runs(DnnConvolution convolution, DnnAlgorithm algorithm, String proof) {
    try (Arena trial = new Arena()) {
      boolean succeeded = attempt(trial(convolution, algorithm, trial), algorithm).succeeded();
      if (succeeded) {
        proven.add(proof);
      }
      return succeeded;
    } catch (CudaException e) {
      if (!e.isOutOfMemory()) {
        throw e;
      }
      LOG.info("{}: no memory to try the algorithm that was kept", convolution);
      return true;
    }
  }

  /** Chooses among the candidates. */
  private DnnAlgorithm search(DnnConvolution convolution, List<DnnAlgorithm> candidates) {
    String key = key(convolution);
    DnnAlgorithm best = null;
    double least = Double.POSITIVE_INFINITY;
    CudaException refusal = null;
    DnnAlgorithm untried = null;
    for (DnnAlgorithm candidate : candidates) {
      if (!choices.measured() && proven.contains(key + candidate)) {
        return candidate;
      }
      try (Arena trial = new Arena()) {
        DnnPlan tried = trial(convolution, candidate, trial);
        Attempt attempt = attempt(tried, candidate);
        if (!attempt.succeeded()) {
          CudaException refused =
              dnn.calls().failure(attempt.status(), attempt.call(), refused(convolution));
          LOG.debug("refused", refused);
          refusal = refusal == null ? refused : refusal;
          continue;
        }
        double micros = choices.measured() ? micros(tried) : 0;
        LOG.trace("{}: {} us by {}", convolution, micros, candidate);
        if (best == null || micros < least) {
          best = candidate;
          least = micros;
        }
      } catch (CudaException e) {
        if (!e.isOutOfMemory()) {
          throw e;
        }
        untried = untried == null ? candidate : untried;
      }
      if (best != null && !choices.measured()) {
        proven.add(key + best);
        return best;
      }
    }
    if (best == null) {
      if (untried == null && refusal != null) {
        throw refusal;
      }
      LOG.info("{}: no memory to try algorithms in: the first is taken", convolution);
      return untried == null ? candidates.get(0) : untried;
    }
    String choice = Choices.micros(least) + " " + best;
    choices.put(key, choice);
    proven.add(key + choice);
    return best;
  }

  /** The time of an algorithm; infinite if it is refused during the capture. */
  private double micros(DnnPlan tried) {
    try {
      return dnn.gpu().micros(List.of(tried));
    } catch (CudaFatalException e) {
      throw e;
    } catch (CudaException e) {
      LOG.debug("not timed", e);
      return Double.POSITIVE_INFINITY;
    }
  }

  private static String refused(DnnConvolution convolution) {
    return convolution
        + ": no algorithm of cuDNN that gives the same bits in each run computes it; use BackendOptions.kind"
        + " cpu";
  }

  /**
   * The result of an attempt to run an algorithm.
   *
   * @param call the last one
   * @param status of that call
   */
  private record Attempt(String call, int status) {
    boolean succeeded() {
      return status == CUDNN_STATUS_SUCCESS;
    }
  }

  /** Runs an algorithm. An error of the device corrupts the context and is thrown. */
  private Attempt attempt(DnnPlan tried, DnnAlgorithm algorithm) {
    Attempt attempt = new Attempt(tried.pass().workspaceCall(), tried.tryBy(algorithm));
    if (attempt.succeeded()) {
      attempt = new Attempt(tried.pass().call(), tried.trySubmit());
    }
    dnn.context().synchronize();
    return attempt;
  }

  /**
   * The convolution with its result and its workspace in memory of the trial: a plan may be made
   * while its buffers have values that are still needed.
   */
  private DnnPlan trial(DnnConvolution convolution, DnnAlgorithm algorithm, Arena trial) {
    long elsewhere = dnn.gpu().trialMemory(convolution.result(), convolution.resultBytes(), trial);
    return trial.own(
        new DnnPlan(
            dnn, convolution.into(elsewhere), trial.own(new DnnWorkspace(dnn.gpu())), algorithm));
  }
}
