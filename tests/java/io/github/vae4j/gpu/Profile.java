// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Runs a command under ncu and prints the rates of each kernel; clocks are not changed. */
public final class Profile {
  private static final String TIME = "gpu__time_duration.sum";
  private static final String DRAM = "dram__bytes.sum";
  private static final String L2 = "lts__t_bytes.sum";
  private static final String OCCUPANCY = "sm__warps_active.avg.pct_of_peak_sustained_active";
  private static final String BLOCKS = "launch__grid_size";
  private static final String REGISTERS = "launch__registers_per_thread";

  private Profile() {}

  /**
   * Profiles.
   *
   * @param arguments the command
   * @throws IOException if ncu cannot start
   * @throws InterruptedException never
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Objects.requireNonNull(Place.find("ncu"), "no ncu").toString());
    command.addAll(List.of("--clock-control", "none", "--target-processes", "all"));
    command.addAll(List.of("--graph-profiling", "node"));
    // Past the planning; a few steps, cuBLASLt's kernels among ours.
    command.addAll(List.of("--launch-skip", "600", "--launch-count", "90", "--csv"));
    command.addAll(List.of("--print-units", "base", "--metrics"));
    command.add(String.join(",", TIME, DRAM, L2, OCCUPANCY, BLOCKS, REGISTERS));
    command.addAll(Arrays.asList(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    List<ObjectNode> kernels = kernels(text);
    kernels.forEach(Json::print);
    System.out.println(text);
    System.exit(code != 0 ? code : kernels.isEmpty() ? 1 : 0);
  }

  /** One object a kernel of ncu's CSV, with the median over its launches. */
  static List<ObjectNode> kernels(String text) {
    int start = text.indexOf("\"ID\",");
    if (start < 0) {
      return List.of();
    }
    // The program's own output comes before, between and after ncu's lines.
    String csv =
        String.join(
            "\n", text.substring(start).lines().filter(line -> line.startsWith("\"")).toList());
    Map<String, Map<String, List<Double>>> found = new LinkedHashMap<>();
    for (NamedCsvRecord record : CsvReader.builder().ofNamedCsvRecord(csv)) {
      found
          .computeIfAbsent(record.getField("Kernel Name"), name -> new LinkedHashMap<>())
          .computeIfAbsent(record.getField("Metric Name"), name -> new ArrayList<>())
          .add(number(record.getField("Metric Value")));
    }
    List<ObjectNode> kernels = new ArrayList<>();
    found.forEach((kernel, metrics) -> kernels.add(kernel(kernel, metrics)));
    return kernels;
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text.replace(",", ""));
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static ObjectNode kernel(String name, Map<String, List<Double>> metrics) {
    double nanos = median(metrics, TIME);
    ObjectNode node = Json.object().put("kernel", name);
    node.put("launches", metrics.getOrDefault(TIME, List.of()).size());
    node.put("us", nanos / 1e3);
    node.put("dram_gb_per_s", median(metrics, DRAM) / nanos);
    node.put("l2_gb_per_s", median(metrics, L2) / nanos);
    node.put("occupancy_percent", median(metrics, OCCUPANCY));
    node.put("blocks", median(metrics, BLOCKS));
    return node.put("registers", median(metrics, REGISTERS));
  }

  private static double median(Map<String, List<Double>> metrics, String name) {
    double[] values =
        metrics.getOrDefault(name, List.of(Double.NaN)).stream()
            .mapToDouble(value -> value)
            .sorted()
            .toArray();
    return values[values.length / 2];
  }
}
