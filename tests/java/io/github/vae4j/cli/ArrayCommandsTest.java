// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vae4j.data.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrays whose bytes or dimensions need an option, which a run keeps for later commands. */
class ArrayCommandsTest {
  @TempDir Path folder;

  private Path array(String name, String shape, int count, int most) throws IOException {
    return Bytes.npy("|u1", false, shape)
        .u8(IntStream.range(0, count).map(i -> i * 7 % (most + 1)).toArray())
        .write(folder.resolve(name));
  }

  private Cli train(Path data, String... more) {
    List<String> all = new ArrayList<>();
    all.addAll(List.of("train", "--data=" + data, "--out=" + folder.resolve("run")));
    all.addAll(List.of("--epochs=1", "--hidden=4", "--latent=1", "--batch=4", "--overwrite"));
    all.addAll(List.of("--likelihood=gaussian"));
    all.addAll(List.of(more));
    return Cli.ok(all);
  }

  private Cli evaluate(String... more) {
    List<String> all =
        new ArrayList<>(List.of("evaluate", "--model=" + folder.resolve("run"), "--json"));
    all.addAll(List.of(more));
    return Cli.ok(all);
  }

  @Test
  void laterBytesAreReadAsThoseOfTraining() throws IOException {
    Path levels = array("levels.npy", "(20, 4)", 80, 9);
    Path grey = array("grey.npy", "(20, 4)", 80, 200);
    Cli trained = train(levels);
    assertTrue(trained.err().contains("--bytes grey"), trained.err());
    Cli later = evaluate("--data=" + grey);
    assertFalse(later.err().contains("divided by 255"), later.err());
    trained = train(grey, "--test-data=" + levels);
    assertTrue(trained.err().contains("divided by 255"), trained.err());
    assertFalse(trained.err().contains("--bytes grey"), trained.err());
    double elbo = evaluate().objects().get(0).get("elbo").doubleValue();
    JsonNode same = evaluate("--data=" + levels).objects().get(0);
    assertEquals(elbo, same.get("elbo").doubleValue());
    JsonNode other = evaluate("--data=" + levels, "--bytes=numbers").objects().get(0);
    assertFalse(elbo == other.get("elbo").doubleValue());
  }

  @Test
  void aRunKeepsItsOptions() throws IOException {
    Path planes = array("planes.npy", "(20, 3, 2, 2)", 240, 200);
    Cli trained = train(planes, "--layout=nchw", "--bytes=grey", "--validation=0.2");
    assertTrue(trained.out().contains("images of 2 x 2 in colour"), trained.out());
    JsonNode run = Cli.object(Cli.specification(folder.resolve("run")));
    assertEquals(
        "{\"bytes\":\"grey\",\"layout\":\"nchw\"}",
        run.get("data").get("reading").get("arrays").toString());
    assertEquals(4, evaluate().objects().get(0).get("rows").intValue());
    evaluate("--data=" + planes);
  }

  @Test
  void wrongOptions() throws IOException {
    Path rows = array("rows.npy", "(20, 4)", 80, 200);
    String out = "--out=" + folder.resolve("x");
    Cli.fails(2, List.of("--layout", "nhwc, nchw"), "train", "--data=" + rows, out, "--layout=hw");
    Cli.fails(
        1,
        List.of("--layout nchw", "(N, C, H, W)", "--shape"),
        "train",
        "--data=" + rows,
        out,
        "--layout=nchw");
    Cli.fails(2, List.of("are for arrays", "mnist"), "train", "--data=mnist", out, "--bytes=grey");
  }
}
