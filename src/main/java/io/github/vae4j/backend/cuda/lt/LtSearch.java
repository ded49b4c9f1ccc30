// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.lt;

import static org.bytedeco.cuda.global.cublas.*;

import io.github.vae4j.backend.cuda.driver.Choices;
import io.github.vae4j.backend.cuda.driver.Closing;
import io.github.vae4j.backend.cuda.driver.CudaException;
import io.github.vae4j.backend.cuda.driver.CudaFatalException;
import io.github.vae4j.backend.cuda.driver.KernelCache;
import io.github.vae4j.tensor.Arena;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the algorithm of cuBLASLt for a product. The heuristic's first algorithms are timed and the
 * fastest is chosen ({@link Choices}); an algorithm of the heuristic that the launch refuses is
 * left out. Each plan runs once, on scratch memory, before it is returned: so a refusal appears
 * here and not in the middle of a capture, and kernels that cuBLASLt loads lazily are loaded.
 */
final class LtSearch {
  /**
   * With this system property false, nothing is measured and the heuristic's first algorithm is
   * chosen: the bits then depend only on the library's version and the device. A resumed run
   * nevertheless uses the choices of its checkpoint.
   */
  static final String TUNE_PROPERTY = "vae4j.cuda.tune";

  private static final Logger LOG = LoggerFactory.getLogger(LtSearch.class);

  /** Not documented, but some kernels read an epilogue's vector 16 bytes at a time. */
  private static final int VECTOR_ALIGNMENT = 16;

  /** The number of the heuristic's algorithms that are timed. */
  private static final int MOST = 8;

  private final LtHandle lt;
  private final Choices choices;
  private final Set<String> proven = new HashSet<>();

  LtSearch(LtHandle lt, Choices choices) {
    this.lt = lt;
    this.choices = choices;
  }

  /** The cache of choices; null if nothing is measured. */
  static @Nullable KernelCache choicesOfUser() {
    return "false".equals(System.getProperty(TUNE_PROPERTY)) ? null : KernelCache.choicesOfUser();
  }

  Choices choices() {
    return choices;
  }

  /**
   * Plans a product.
   *
   * @return the plan, owned by the caller; null if cuBLASLt refuses the product on these terms
   */
  @Nullable LtMatmul tryPlan(LtProduct product, LtTerms terms) {
    lt.context().enter();
    if (product.bias() % VECTOR_ALIGNMENT != 0) {
      return null;
    }
    LtMatmul plan = new LtMatmul(lt, product, terms);
    try {
      if (kept(plan, product, terms) || search(plan, product, terms)) {
        return plan;
      }
    } catch (Throwable t) {
      Closing.suppressing(t, plan);
      throw t;
    }
    plan.close();
    return null;
  }

  /** The time of a planned product, in microseconds; infinite if nothing is measured. */
  double micros(LtProduct product, LtTerms terms) {
    return Choices.micros(choices.get(key(product, terms)));
  }

  /** The key of a product in the choices: all properties that determine its algorithms. */
  private static String key(LtProduct product, LtTerms terms) {
    return product
        + " align="
        + LtMatmul.alignment(product.a())
        + ","
        + LtMatmul.alignment(product.b())
        + ","
        + LtMatmul.alignment(product.d())
        + " compute="
        + terms.computeType()
        + " workspace="
        + terms.workspaceBytes();
  }

  /** Sets the algorithm that was chosen before, if there is one and it is still valid. */
  private boolean kept(LtMatmul plan, LtProduct product, LtTerms terms) {
    String key = key(product, terms);
    String choice = choices.get(key);
    if (choice == null) {
      return false;
    }
    try {
      plan.by(new LtAlgorithm(choice));
      // By key and choice: a resumed run may have another choice for the same key.
      String proof = key + choice;
      if (proven.contains(proof) || (plan.checks() && runs(product, terms, choice))) {
        proven.add(proof);
        return true;
      }
    } catch (IllegalArgumentException e) {
      LOG.debug("a choice that cannot be read", e);
    }
    LOG.warn("{}: the algorithm that was kept is refused: another is chosen, with other bits", key);
    return false;
  }

  private boolean runs(LtProduct product, LtTerms terms, String choice) {
    try (Arena trial = new Arena()) {
      LtProduct elsewhere = elsewhere(product, trial);
      return elsewhere == null
          || runs(trial.own(new LtMatmul(lt, elsewhere, terms).by(new LtAlgorithm(choice))));
    }
  }

  /** Chooses among the heuristic's algorithms; false if none of them runs. */
  private boolean search(LtMatmul plan, LtProduct product, LtTerms terms) {
    List<LtAlgorithm> candidates = new ArrayList<>();
    int status = plan.candidates(choices.measured() ? MOST : 1, candidates);
    if (candidates.isEmpty()) {
      if (status == CUBLAS_STATUS_SUCCESS || status == CUBLAS_STATUS_NOT_SUPPORTED) {
        LOG.debug("{}: cuBLASLt has no algorithm", product);
      } else {
        LOG.info(
            "cublasLtMatmulAlgoGetHeuristic fails with status {} for {}: it is computed in another"
                + " way",
            status,
            product);
      }
      return false;
    }
    String key = key(product, terms);
    if (!choices.measured() && proven.contains(key)) {
      plan.by(candidates.get(0));
      return true;
    }
    try (Arena trial = new Arena()) {
      LtProduct elsewhere = elsewhere(product, trial);
      if (elsewhere == null) {
        plan.by(candidates.get(0));
        return true;
      }
      LtAlgorithm best = null;
      double least = Double.POSITIVE_INFINITY;
      LtMatmul tried = trial.own(new LtMatmul(lt, elsewhere, terms));
      for (LtAlgorithm candidate : candidates) {
        if (!runs(tried.by(candidate))) {
          continue;
        }
        double micros = choices.measured() ? micros(tried) : 0;
        if (best == null || micros < least) {
          best = candidate;
          least = micros;
        }
        LOG.trace("{}: {} us by {}", product, micros, candidate);
      }
      if (best == null) {
        LOG.info(
            "cublasLtMatmul runs none of {} algorithms that the heuristic has for {}: it is computed"
                + " in another way",
            candidates.size(),
            product);
        return false;
      }
      plan.by(best);
      if (choices.measured()) {
        String choice = Choices.micros(least) + " " + plan.description() + " " + best.text();
        choices.put(key, choice);
        proven.add(key + choice);
      } else {
        proven.add(key);
      }
      return true;
    }
  }

  /** The time of an algorithm; infinite if it is refused during the capture. */
  private double micros(LtMatmul tried) {
    try {
      return lt.gpu().micros(List.of(tried));
    } catch (CudaFatalException e) {
      throw e;
    } catch (CudaException e) {
      LOG.debug("not timed", e);
      return Double.POSITIVE_INFINITY;
    }
  }

  /**
   * Whether the launch is accepted and completes. An error of the device corrupts the context and
   * is thrown.
   */
  private boolean runs(LtMatmul tried) {
    int status = tried.trySubmit();
    if (status != CUBLAS_STATUS_SUCCESS) {
      LOG.debug("cublasLtMatmul refuses with status {} what the heuristic promised", status);
    }
    lt.context().synchronize();
    return status == CUBLAS_STATUS_SUCCESS;
  }

  /**
   * The product with results in memory of the trial, with the alignment of its own: a plan may be
   * made while its buffers have values that are still needed. Null if there is too little memory.
   */
  private @Nullable LtProduct elsewhere(LtProduct product, Arena trial) {
    try {
      return product.into(
          lt.gpu().trialMemory(product.d(), product.resultBytes(), trial),
          lt.gpu().trialMemory(product.bias(), product.vectorBytes(), trial),
          lt.gpu().trialMemory(product.mask(), product.maskBytes(), trial));
    } catch (CudaException e) {
      if (!e.isOutOfMemory()) {
        throw e;
      }
      LOG.info("{}: no memory to try algorithms in: the heuristic's first is taken", product);
      return null;
    }
  }
}
