// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Times a training step of vae4j and of its peers on the same card, interleaved: for each net,
 * batch and precision vae4j, the peers, and vae4j again. It prints a JSON line for each
 * measurement, then the ratios. The figures of vae4j are those of {@code vae4j bench}.
 */
public final class Comparison {
  private static final int PEER_SECONDS = 40;
  private static final int ROUNDS = 3;
  private static final List<String> FAST = List.of("torch graph", "jax loop");
  private static final List<String> ALL =
      List.of("torch graph", "jax loop", "torch compile-graph", "torch eager");

  /**
   * A net and a batch.
   *
   * @param name as the peers' programs call it
   * @param steps of a round
   * @param options of {@code vae4j bench}
   */
  private record Workload(String name, int steps, List<String> options) {}

  private record Group(Workload workload, String precision, List<String> modes) {
    String name() {
      return workload.name() + " " + precision;
    }
  }

  private final boolean emulated;
  private final @Nullable Path peers;
  private final String mnist;
  private final Map<String, PeerProcess> processes = new HashMap<>();

  private Comparison(boolean emulated, @Nullable Path peers, String mnist) {
    this.emulated = emulated;
    this.peers = peers;
    this.mnist = mnist;
  }

  /**
   * Measures.
   *
   * @param arguments {@code --mnist DIR [--peers DIR] [--emulated] [--without GROUP]...}; after the
   *     last of those groups it goes on
   * @throws IOException if a peer's process cannot start
   * @throws InterruptedException never
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    String mnist = "";
    String after = "";
    Path peers = null;
    boolean emulated = false;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--mnist" -> mnist = arguments[++i];
        case "--peers" -> peers = Path.of(arguments[++i]);
        case "--without" -> after = arguments[++i];
        case "--emulated" -> emulated = true;
        default -> throw new IllegalArgumentException("unknown argument " + arguments[i]);
      }
    }
    Comparison comparison = new Comparison(emulated, peers, mnist);
    List<Group> groups = groups(emulated);
    String last = after;
    int first = 0;
    for (int i = 0; i < groups.size(); i++) {
      first = groups.get(i).name().equals(last) ? i + 1 : first;
    }
    boolean right = true;
    try {
      for (Group group : groups.subList(first, groups.size())) {
        right &= comparison.measure(group);
      }
    } finally {
      comparison.processes.values().forEach(PeerProcess::close);
    }
    System.exit(right ? 0 : 1);
  }

  /** The most informative groups first, because a time limit cuts off the last. */
  private static List<Group> groups(boolean emulated) {
    List<String> tanh = List.of("--hidden=200,200", "--latent=50", "--activation=tanh");
    List<Workload> workloads =
        List.of(
            new Workload("MLP400", 4000, List.of("--batch=128")),
            new Workload("MLP400_B1024", 1500, List.of("--batch=1024")),
            new Workload("MLP400_B8192", 240, List.of("--batch=8192")),
            new Workload("IWAE", 3000, with(tanh, "--batch=100")),
            new Workload(
                "IWAE_K50", 1500, with(tanh, "--batch=20", "--objective=iwae", "--samples=50")));
    List<Group> groups = new ArrayList<>();
    for (String precision : List.of("fp32", "tf32", "bf16")) {
      for (Workload workload : workloads) {
        boolean strict = precision.equals("fp32");
        boolean most = strict && !workload.name().contains("_");
        // JAX takes 10 to 20 seconds to compile each.
        boolean few = !strict && workload.name().startsWith("IWAE");
        groups.add(new Group(workload, precision, most ? ALL : few ? FAST.subList(0, 1) : FAST));
      }
    }
    return emulated ? List.of(groups.get(0), groups.get(4), groups.get(11)) : groups;
  }

  private static List<String> with(List<String> options, String... more) {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of(more));
    return all;
  }

  /** Whether vae4j's measurements succeeded; a peer's failure is a line, but not ours. */
  private boolean measure(Group group) throws IOException, InterruptedException {
    List<JsonNode> ours = new ArrayList<>();
    ours.add(own(group, 1));
    ObjectNode ratios = Json.object();
    for (String mode : peers == null ? List.<String>of() : group.modes()) {
      ObjectNode answer = peer(group, mode);
      Json.print(answer);
      if (answer.has("us_per_step")) {
        ratios.set(mode, answer.get("us_per_step"));
      }
    }
    ours.add(own(group, 2));
    if (ours.stream().anyMatch(line -> line.has("error"))) {
      return false;
    }
    double us = (ours.get(0).get("step_us").asDouble() + ours.get(1).get("step_us").asDouble()) / 2;
    ObjectNode compared = Json.object().put("compared", group.workload().name());
    compared.put("precision", group.precision()).put("step_us", us);
    ArrayNode passes = compared.putArray("passes_us");
    ours.forEach(line -> passes.add(line.get("step_us")));
    compared.set("host_us", ours.get(0).get("host_us_per_step"));
    compared.set("rows_per_second", ours.get(0).get("rows_per_second"));
    ObjectNode peerUs = compared.putObject("peers_us");
    ObjectNode ratio = compared.putObject("ratios");
    ratios
        .properties()
        .forEach(
            field -> {
              peerUs.set(field.getKey(), field.getValue());
              ratio.put(field.getKey(), field.getValue().asDouble() / us);
            });
    Json.print(compared);
    return true;
  }

  private ObjectNode own(Group group, int pass) {
    Workload workload = group.workload();
    List<String> command = new ArrayList<>(List.of("bench", "--backend=cuda"));
    command.addAll(workload.options());
    command.add("--precision=" + group.precision());
    command.add("--rounds=" + ROUNDS);
    command.add("--steps=" + (emulated ? 8 : workload.steps()));
    if (emulated) {
      command.removeIf(option -> option.startsWith("--batch") || option.startsWith("--hidden"));
      command.removeIf(option -> option.startsWith("--samples") || option.startsWith("--latent"));
      command.addAll(
          List.of("--features=20", "--hidden=8", "--latent=2", "--batch=8", "--product=32"));
    }
    Command answer = Command.run(command);
    ObjectNode line = Json.object().put("engine", "vae4j").put("workload", workload.name());
    line.put("precision", group.precision()).put("pass", pass);
    if (answer.code() == 0) {
      line.setAll(answer.last());
    } else {
      line.put("error", StageProcess.cut(answer.error()));
    }
    Json.print(line);
    if (answer.fatal()) {
      Json.print(Json.object().put("fatal", group.name()));
      processes.values().forEach(PeerProcess::close);
      Runtime.getRuntime().halt(Stage.FATAL);
    }
    return line;
  }

  private ObjectNode peer(Group group, String mode) throws IOException, InterruptedException {
    String[] parts = mode.split(" ", -1);
    PeerProcess process = processes.get(parts[0]);
    if (process == null || process.broken()) {
      if (process != null) {
        process.close();
      }
      Path folder = Objects.requireNonNull(peers);
      process = new PeerProcess(folder.resolve(parts[0] + "_vae_gpu.py"));
      processes.put(parts[0], process);
    }
    String run =
        "%s %s --precision %s --seconds 0.8 --no-launches --data '%s'"
            .formatted(group.workload().name(), parts[1], group.precision(), mnist);
    ObjectNode line = Json.object().put("engine", parts[0]).put("mode", parts[1]);
    line.put("workload", group.workload().name()).put("precision", group.precision());
    line.setAll(process.ask(run, PEER_SECONDS));
    return line;
  }
}
