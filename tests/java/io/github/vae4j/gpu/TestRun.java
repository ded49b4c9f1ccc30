// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs JUnit tests: {@code CLASS[#METHOD]...}, and {@code --without NAME} to exclude a test or a
 * case of the op table. It prints each failure as a JSON line, then their number. After an error
 * that corrupts the device's context it names the test and ends with {@link Stage#FATAL}, because
 * all further tests would fail.
 */
public final class TestRun implements TestExecutionListener {
  private static final String SKIPPED_OPS = "vae4j.ops.skip";

  private final List<String> without;
  private final Set<String> reasons = new HashSet<>();
  private int passed;
  private int failed;
  private int skipped;

  private TestRun(List<String> without) {
    this.without = without;
  }

  /**
   * Runs the tests.
   *
   * @param arguments tests and exclusions
   */
  public static void main(String[] arguments) {
    List<DiscoverySelector> selectors = new ArrayList<>();
    List<String> without = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--without" -> without.add(arguments[++i]);
        default ->
            selectors.add(
                arguments[i].contains("#")
                    ? DiscoverySelectors.selectMethod(arguments[i])
                    : DiscoverySelectors.selectClass(arguments[i]));
      }
    }
    leaveOutOps(without);
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectors)
            .filters(
                (PostDiscoveryFilter)
                    test -> FilterResult.includedIf(!without.contains(test.getDisplayName())),
                TagFilter.excludeTags(
                    Boolean.getBoolean("vae4j.cuda.emulated") ? "none" : "cudasim"))
            .build();
    TestRun run = new TestRun(without);
    long start = System.nanoTime();
    LauncherFactory.create().execute(request, run);
    ObjectNode counts = Json.object().put("passed", run.passed).put("failed", run.failed);
    counts.put("skipped", run.skipped);
    Json.print(counts.put("seconds", Math.round((System.nanoTime() - start) / 1e8) / 10.0));
    System.exit(run.failed == 0 && run.passed > 0 ? 0 : 1);
  }

  /** Passes exclusions to the op table, whose cases are not tests before it runs. */
  private static void leaveOutOps(List<String> without) {
    List<String> patterns = new ArrayList<>();
    String given = System.getProperty(SKIPPED_OPS, "");
    if (!given.isEmpty()) {
      patterns.add(given);
    }
    without.forEach(name -> patterns.add(Pattern.quote(name)));
    System.setProperty(SKIPPED_OPS, String.join("|", patterns));
  }

  @Override
  public void executionFinished(TestIdentifier id, TestExecutionResult result) {
    if (result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
      passed += id.isTest() ? 1 : 0;
      return;
    }
    if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
      skipped++;
      result.getThrowable().map(Throwable::getMessage).ifPresent(this::skippedBecause);
      return;
    }
    failed++;
    String message = messages(result.getThrowable().orElse(null));
    Json.print(
        Json.object().put("failed_test", name(id)).put("message", StageProcess.cut(message)));
    if (message.contains("CudaFatalException")) {
      Json.print(
          Json.object()
              .put("fatal", id.getDisplayName())
              .put("passed", passed)
              .put("failed", failed)
              .put("left_out", without.size()));
      Runtime.getRuntime().halt(Stage.FATAL);
    }
  }

  /** Prints the reason of the machine for which tests are skipped, once. */
  private void skippedBecause(String reason) {
    if (!reason.contains(SKIPPED_OPS) && reasons.add(reason)) {
      Json.print(Json.object().put("skipped_because", StageProcess.cut(reason)));
    }
  }

  private static String name(TestIdentifier id) {
    return id.getParentId().isPresent() ? id.getDisplayName() : id.getUniqueId();
  }

  private static String messages(@Nullable Throwable thrown) {
    StringBuilder text = new StringBuilder();
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      text.append(text.isEmpty() ? "" : " | ").append(t.getClass().getSimpleName());
      text.append(": ").append(t.getMessage());
    }
    return text.toString().replace('\n', ' ');
  }
}
