package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.OpCase;
import io.github.vae4j.likelihood.Likelihoods;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which cases of the op table the CUDA kernels compute; the others they refuse. */
final class LikelihoodKernels {
  /** All but the likelihoods without a kernel, and masks and weights of rows. */
  static final Predicate<OpCase> HAVE = LikelihoodKernels::computes;

  private static final Pattern LIKELIHOOD = Pattern.compile("^likelihood ([a-z-]+)");

  private LikelihoodKernels() {}

  private static boolean computes(OpCase opCase) {
    Matcher likelihood = LIKELIHOOD.matcher(opCase.name());
    if (!likelihood.find()) {
      return true;
    }
    String name = likelihood.group(1);
    boolean hasKernel =
        Likelihoods.all().stream()
            .filter(each -> each.name().equals(name))
            .anyMatch(LossPlans::hasKernel);
    return hasKernel && !opCase.name().contains(" masked");
  }
}
