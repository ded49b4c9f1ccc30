// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Remarks on data and models that train without an error and mean little. */
class RemarksTest {
  private static final String COLLAPSE =
      "vae4j: warning: 0 of 3 latent dimensions are active: the codes say nothing of their rows";

  @TempDir Path folder;

  private String rows(String constant) throws IOException {
    return rows("year", constant);
  }

  private String rows(String name, String constant) throws IOException {
    StringBuilder text = new StringBuilder("a," + name + ",b\n");
    for (int i = 0; i < 60; i++) {
      text.append("%d,%s,%d%n".formatted(i % 5 - 2, constant, i % 7 - 3));
    }
    return "--data=" + Files.writeString(folder.resolve("rows.csv"), text);
  }

  private String[] train(String data, int epochs, String... more) {
    return Cli.with(
        List.of(
            "train",
            "--schema=none",
            data,
            "--out=" + folder.resolve("run"),
            "--epochs=" + epochs,
            "--hidden=4",
            "--latent=3"),
        more);
  }

  @Test
  void aConstantColumnIsNamedBeforeTraining() throws IOException {
    String remark =
        "rows.csv: the same value in all rows. With gaussian-learned the width of such a column"
            + " falls";
    String err = Cli.ok(train(rows("1"), 2)).err();
    assertTrue(err.contains("warning: column year of "), err);
    assertTrue(err.contains(remark), err);
    String fixed = Cli.ok(train(rows("1"), 2, "--likelihood=gaussian", "--overwrite")).err();
    assertFalse(fixed.contains("the same value in all rows"), fixed);
  }

  @Test
  void anEscapeSequenceInAColumnsNameIsShownAsText() throws IOException {
    Cli answer = Cli.ok(train(rows("ye\u001b[2Jar", "1"), 2));
    assertTrue(answer.err().contains("warning: column ye\\u001b[2Jar of "), answer.err());
    String both = answer.err() + answer.out();
    assertFalse(both.contains("\u001b"), both);
  }

  @Test
  void posteriorCollapseIsSaidOnceAtTheEndOfTrainingAndByEvaluate() throws IOException {
    String data = rows("1");
    String likelihood = "--likelihood=gaussian";
    String run = "--model=" + folder.resolve("run");
    String err = Cli.ok(train(data, 60, likelihood, "--beta=1000", "--lr=0.05")).err();
    assertEquals(err.indexOf(COLLAPSE), err.lastIndexOf(COLLAPSE));
    assertTrue(err.contains(COLLAPSE) && err.contains("--kl-warmup 10, --free-bits 0.1"), err);
    String evaluated = Cli.ok("evaluate", run, data).err();
    assertTrue(evaluated.contains(COLLAPSE), evaluated);
  }

  @Test
  void familiesThatAMeasureCannotTakeAreRefusedBeforeAnyNumber() throws IOException {
    String data = rows("1");
    String run = "--model=" + folder.resolve("run");
    Cli.ok(train(data, 2, "--prior=mog:2", "--likelihood=gaussian"));
    for (String measure : new String[] {"--ais=2", "--mi=10", "--gap"}) {
      Cli answer = Cli.run("evaluate", run, data, measure);
      assertEquals(1, answer.code());
      assertEquals("", answer.out());
      String name = measure.replaceAll("=.*", "");
      assertTrue(
          answer.err().contains(name + ": expected a model with a standard normal prior"),
          answer.err());
    }
    Cli answer = Cli.run("score", run, data, "--regret");
    assertEquals("", answer.out());
    assertTrue(answer.err().contains("--regret: expected a model with"), answer.err());
    assertTrue(
        Cli.ok("evaluate", "--help").out().replaceAll("\\s+", " ").contains("standard prior"));
  }
}
