// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/hardware.md is the output of its command for the runs. */
final class HardwarePageTest {
  @TempDir Path folder;

  @Test
  void thePageIsUpToDate() throws IOException {
    assertEquals(
        HardwarePage.of(Path.of("tests/gpu/results")),
        Files.readString(Path.of("docs/hardware.md")),
        "run: bash tests/gpu/page.sh > docs/hardware.md");
  }

  @Test
  void withoutARunItSaysSo() throws IOException {
    assertTrue(HardwarePage.of(folder.resolve("none")).endsWith("\nNo run yet.\n"));
    assertTrue(HardwarePage.of(folder).endsWith("\nNo run yet.\n"));
  }

  @Test
  void aRunIsItsTablesWhatWasRedAndItsNotes() throws IOException {
    Files.writeString(
        folder.resolve("2026-11-27-card.json"),
        """
        {"date": "2026-11-27", "emulated": false, "ended": "complete", "stages": [
        {"stage":1,"name":"machine","status":"green","results":[{"card":"NVIDIA H100"}]},
        {"stage":2,"name":"ops-fp32","status":"red","why":"words","seconds":3.5,"results":[
          {"failed_test":"dense 3 x 4","message":"off by `1`"},{"passed":9,"failed":1}]},
        {"stage":4,"name":"mnist","status":"green","seconds":9.5,"results":[
          {"event":"epoch","seconds":0.5,"rows_per_second":120000.4,"test_elbo":-110.5},
          {"event":"epoch","seconds":0.25,"rows_per_second":240000,"test_elbo":-105.5}]},
        {"stage":5,"name":"bench","status":"green","results":[
          {"engine":"jax","mode":"loop","workload":"IWAE","precision":"bf16","error":"no answer"},
          {"compared":"MLP400","precision":"fp32","step_us":100.04,"passes_us":[99,101],
           "host_us":3.21,"rows_per_second":1280000,"peers_us":{"torch graph":150},
           "ratios":{"torch graph":1.4994}}]},
        {"stage":6,"name":"products","status":"green","results":[],"lines":["product a: us=2"]},
        {"stage":6,"name":"tune-fp32","status":"green","results":[
          {"step_us":120,"host_us_per_step":2}]},
        {"stage":7,"name":"ncu","status":"skipped","why":"no time was left"}]}
        """);
    Files.writeString(folder.resolve("2026-11-27-card.notes.md"), "Said by hand.\n");
    Files.writeString(folder.resolve("2026-11-26-card.notes.md"), "Before.\n");
    Files.writeString(
        folder.resolve("2026-11-26-card.json"),
        """
        {"date": "2026-11-26", "emulated": false, "ended": "complete", "stages": [
        {"stage":6,"name":"products","status":"green","results":[],"lines":["product b: us=3"]}]}
        """);
    String page = HardwarePage.of(folder);
    for (String part :
        new String[] {
          "## 2026-11-27-card\n\nSaid by hand.\n\n| | |",
          "| card | NVIDIA H100 |",
          "| parts | 5 green, 1 red, 1 skipped; complete |",
          "| 2 | ops-fp32 | red | 3.5 | 9 passed, 1 failed |",
          "- ops-fp32: red: `words`\n  - dense 3 x 4: `off by '1'`\n",
          "- bench: jax loop IWAE bf16: `no answer`\n",
          "- ncu: skipped: `no time was left`\n",
          "2 epochs: test ELBO -105.50 nats, 240,000 images/s (median of the epochs), 0.75 s of"
              + " training, 9.5 s for the whole command; -106 nats after 0.75 s of training\n",
          "| 784-400-20, batch 128 | fp32 | 100.0 (99.0, 101.0) | 1,280,000 | 3.2 | torch graph"
              + " 150.0 (1.50) |\n",
          "- tune-fp32: 120.0 us a step, host 2.0 us\n",
          "    product a: us=2\n",
          "## 2026-11-26-card\n\nBefore.\n"
        }) {
      assertTrue(page.contains(part), part + "\nis not in\n" + page);
    }
    assertFalse(page.contains("product b"), page);
    assertTrue(page.indexOf("2026-11-27-card") < page.indexOf("2026-11-26-card"), page);
  }
}
