// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Prints a description of the machine: the card, its current clocks, driver, Python's packages. */
public final class MachineReport {
  private static final String FIELDS =
      "name,driver_version,memory.total,clocks.sm,clocks.mem,clocks.max.sm,clocks.max.mem,"
          + "power.limit,temperature.gpu,persistence_mode,mig.mode.current";

  private static final String PACKAGES =
      """
      import importlib.metadata as m
      names = ("torch", "triton", "jax", "jaxlib", "nvidia-cublas", "nvidia-cudnn-cu13")
      print(", ".join(f"{d.name} {d.version}" for d in m.distributions() if d.name in names))
      """;

  private MachineReport() {}

  /**
   * Prints it.
   *
   * @param arguments none
   * @throws InterruptedException never
   */
  public static void main(String[] arguments) throws InterruptedException {
    ObjectNode node = Json.object().put("processors", Runtime.getRuntime().availableProcessors());
    node.put("java", Runtime.version().toString());
    String[] values =
        ask("nvidia-smi", "--query-gpu=" + FIELDS, "--format=csv,noheader").split(", ", -1);
    String[] names = FIELDS.split(",", -1);
    for (int i = 0; i < names.length; i++) {
      node.put(
          i == 0 ? "card" : names[i].replace('.', '_'),
          values.length == names.length ? values[i] : "");
    }
    Json.print(node.put("python_packages", ask("python3", "-c", PACKAGES)));
    System.out.println(ask("nvidia-smi", "-q", "-d", "CLOCK"));
    System.out.println("LD_LIBRARY_PATH=" + System.getenv("LD_LIBRARY_PATH"));
  }

  private static String ask(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? text.strip() : "";
    } catch (IOException e) {
      return "";
    }
  }
}
