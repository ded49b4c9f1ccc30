// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The results of a run, as Markdown. */
final class Tables {
  /** The target of the MNIST job's test ELBO, in nats. */
  private static final double TARGET = -106;

  private Tables() {}

  /** The MNIST job: one sentence; empty without results. */
  static String mnist(Results results) {
    List<JsonNode> epochs = epochs(results);
    if (epochs.isEmpty()) {
      return "";
    }
    JsonNode last = epochs.get(epochs.size() - 1);
    double seconds = 0;
    Double reached = null;
    List<Double> speeds = new ArrayList<>();
    for (JsonNode epoch : epochs) {
      seconds += epoch.path("seconds").asDouble();
      if (reached == null && epoch.path("test_elbo").asDouble(Double.NEGATIVE_INFINITY) >= TARGET) {
        reached = seconds;
      }
      speeds.add(epoch.path("rows_per_second").asDouble());
    }
    speeds.sort(null);
    String whole =
        results.stage("mnist") == null
            ? ""
            : ", %s s for the whole command"
                .formatted(results.stage("mnist").path("seconds").asText());
    return ("%d epochs: test ELBO %s nats, %s images/s (median of the epochs), %s s of training%s; "
            + "%s\n")
        .formatted(
            epochs.size(),
            fixed(last.path("test_elbo").asDouble(), 2),
            count(speeds.get(speeds.size() / 2)),
            fixed(seconds, 2),
            whole,
            reached == null
                ? "-106 nats were not reached"
                : "-106 nats after " + fixed(reached, 2) + " s of training");
  }

  private static List<JsonNode> epochs(Results results) {
    return results.objects("mnist").stream()
        .filter(object -> object.path("event").asText().equals("epoch"))
        .toList();
  }

  /** Steps beside the peers; empty without results. */
  static String steps(Results results) {
    StringBuilder text = new StringBuilder();
    for (JsonNode row : results.objects("bench")) {
      if (!row.has("compared")) {
        continue;
      }
      if (text.isEmpty()) {
        text.append(
            """
            | net | precision | vae4j us a step (before, after the peers) | images/s | host us a step | peers: us a step (ratio) |
            | --- | --- | --- | --- | --- | --- |
            """);
      }
      JsonNode both = row.path("passes_us");
      List<String> peers = new ArrayList<>();
      row.path("peers_us")
          .properties()
          .forEach(
              peer ->
                  peers.add(
                      "%s %s (%s)"
                          .formatted(
                              peer.getKey(),
                              fixed(peer.getValue().asDouble(), 1),
                              fixed(row.path("ratios").path(peer.getKey()).asDouble(), 2))));
      text.append(
          "| %s | %s | %s (%s, %s) | %s | %s | %s |\n"
              .formatted(
                  net(row.path("compared").asText()),
                  row.path("precision").asText(),
                  fixed(row.path("step_us").asDouble(), 1),
                  fixed(both.path(0).asDouble(), 1),
                  fixed(both.path(1).asDouble(), 1),
                  count(row.path("rows_per_second").asDouble()),
                  fixed(row.path("host_us").asDouble(), 1),
                  String.join(", ", peers)));
    }
    return text.toString();
  }

  private static String net(String workload) {
    return switch (workload) {
      case "MLP400" -> "784-400-20, batch 128";
      case "MLP400_B1024" -> "784-400-20, batch 1,024";
      case "MLP400_B8192" -> "784-400-20, batch 8,192";
      case "IWAE" -> "784-200-200-50 tanh, batch 100";
      case "IWAE_K50" -> "the same, IWAE of 50 samples, batch 20";
      default -> workload;
    };
  }

  /** Steps with a switch of ours thrown, as {@code tune-fp32}; empty without results. */
  static String switches(Results results) {
    StringBuilder text = new StringBuilder();
    for (JsonNode stage : results.stages()) {
      for (JsonNode row : stage.path("results")) {
        if (stage.path("stage").asInt() == 6 && row.has("step_us")) {
          text.append(
              "- %s: %s us a step, host %s us\n"
                  .formatted(
                      stage.path("name").asText(),
                      fixed(row.path("step_us").asDouble(), 1),
                      fixed(row.path("host_us_per_step").asDouble(), 1)));
        }
      }
    }
    return text.toString();
  }

  /** Our kernels by ncu; empty without results. */
  static String kernels(Results results) {
    StringBuilder text = new StringBuilder();
    for (JsonNode row : results.objects("ncu")) {
      if (!row.has("kernel")) {
        continue;
      }
      if (text.isEmpty()) {
        text.append(
            """
            | kernel | us | DRAM GB/s | L2 GB/s | occupancy % | blocks | registers |
            | --- | --- | --- | --- | --- | --- | --- |
            """);
      }
      text.append(
          "| `%s` | %s | %s | %s | %s | %s | %s |\n"
              .formatted(
                  row.path("kernel").asText(),
                  fixed(row.path("us").asDouble(), 2),
                  count(row.path("dram_gb_per_s").asDouble()),
                  count(row.path("l2_gb_per_s").asDouble()),
                  count(row.path("occupancy_percent").asDouble()),
                  count(row.path("blocks").asDouble()),
                  count(row.path("registers").asDouble())));
    }
    return text.toString();
  }

  /** Lines that a part kept, as a block of code; empty without any. */
  static String lines(Results results, String name) {
    @Nullable JsonNode stage = results.stage(name);
    if (stage == null || stage.path("lines").isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    stage.path("lines").forEach(line -> text.append("    ").append(line.asText()).append('\n'));
    return text.toString();
  }

  static String fixed(double value, int decimals) {
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  static String count(double value) {
    return fixed(value, 0);
  }
}
