// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No command ends with exit code 0 and a number that is not finite. */
class NotFiniteTest {
  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private String[] command(String text) {
    return text.replace("DIR", folder.toString()).split(" ");
  }

  private void train() throws IOException {
    StringBuilder rows = new StringBuilder("a,b\n");
    for (int i = 0; i < 40; i++) {
      rows.append("%d,%d%n".formatted(i % 5 - 2, i % 3 - 1));
    }
    write("rows.csv", rows.toString());
    Cli.ok(
        command(
            "train --schema=none --data DIR/rows.csv --out DIR/run --hidden 4 --latent 2 --epochs 1"));
  }

  @Test
  void aTableThatDivergesIsNoModel() throws IOException {
    write(
        "wine.csv",
        "alcohol,proline\n13.2,1065\n12.4,1050\n13.1,1185\n14.4,1480\n13.2,735\n14.2,1450\n");
    Cli answer = Cli.run(command("train --schema=none --data DIR/wine.csv --out DIR/wine"));
    assertEquals(1, answer.code(), answer.err());
    assertTrue(answer.err().contains("vae4j: error: training stopped at step 10"), answer.err());
    assertTrue(answer.err().contains("in column proline (mean 1160.83"), answer.err());
    assertTrue(answer.err().contains("; the value that is the farthest from the others of its"));
    assertFalse(answer.out().contains("done"), answer.out());
    Cli clipped =
        Cli.ok(command("train --schema=none --data DIR/wine.csv --out DIR/clipped --clip-norm 1"));
    assertFalse(clipped.out().contains("NaN"), clipped.out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "score --out DIR/out.csv",
        "score --regret",
        "evaluate",
        "evaluate --iw-samples 10",
        "evaluate --gap",
        "encode --optimize --inference-start prior --out DIR/out.csv"
      })
  void aRowBeyondTheModelIsNamed(String command) throws IOException {
    train();
    write("far.csv", "a,b\n1,1\n2,0\n0,3e38\n1,2\n");
    Cli.fails(
        1,
        List.of(
            " of line 4 of " + folder.resolve("far.csv") + " is ",
            "3.00000e+38 in column b (mean 7.50000e+37"),
        command(command + " --model DIR/run --data DIR/far.csv"));
    assertFalse(Files.exists(folder.resolve("out.csv")));
  }

  @Test
  void testRowsBeyondTheModelEndTraining() throws IOException {
    train();
    write("far.csv", "a,b\n1,1\n2,0\n0,3e38\n1,2\n");
    Cli answer =
        Cli.run(
            command(
                "train --schema=none --data DIR/rows.csv --test-data DIR/far.csv --out DIR/other --hidden 4"
                    + " --latent 2 --epochs 2"));
    assertEquals(1, answer.code(), answer.out());
    assertTrue(answer.err().contains("the ELBO of line 4 of "), answer.err());
  }

  /** As a program does that changes a file: without the metadata, which has a checksum. */
  private static void setLastValueToNan(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) bytes.getLong(0);
    String header = new String(bytes.array(), Long.BYTES, length, StandardCharsets.UTF_8);
    ObjectNode tensors = (ObjectNode) new ObjectMapper().readTree(header);
    tensors.remove("__metadata__");
    StringBuilder plain = new StringBuilder(tensors.toString());
    plain.append(" ".repeat(length - plain.length()));
    bytes.put(Long.BYTES, plain.toString().getBytes(StandardCharsets.UTF_8));
    bytes.putFloat(bytes.capacity() - Float.BYTES, Float.NaN);
    Files.write(file, bytes.array());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "score --data DIR/rows.csv",
        "evaluate --data DIR/rows.csv",
        "sample --out DIR/out.csv",
        "encode --data DIR/rows.csv --out DIR/out.csv",
        "reconstruct --data DIR/rows.csv --out DIR/out.csv",
        "inspect",
        "fit-sampler --sampler gmm --components 2"
      })
  void aModelWithAWeightThatIsNotFiniteIsRefused(String command) throws IOException {
    train();
    setLastValueToNan(folder.resolve("run/model.safetensors"));
    Cli.fails(
        1,
        List.of("model.safetensors: tensor \"", "\": a value is NaN"),
        command(command + " --model DIR/run"));
  }
}
