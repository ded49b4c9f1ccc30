// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static io.github.vae4j.cli.Claims.REFERENCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables and options that a newcomer gives by mistake. */
final class TableFaultsTest {
  @TempDir Path folder = Path.of("");
  private Path data = folder;
  private Path run = folder;

  @BeforeEach
  void write() throws IOException {
    run = folder.resolve("run");
    data = Claims.write(folder);
  }

  @Test
  void aKindOrASettingThatIsNoneIsRefusedBeforeTheTableIsRead() {
    List<String> base = List.of("schema", "--data=" + folder.resolve("large.csv"));
    Cli.fails(
        2,
        List.of("error: --column age=: kind: expected one of numeric, count"),
        Cli.with(base, "--column=age="));
    for (String kind :
        List.of("foo", "numeric:cube", "categorical:0", "categorical:20000", "datetime:QQQQQQ")) {
      Cli.fails(
          2, List.of("error: --column age=" + kind + ": "), Cli.with(base, "--column=age=" + kind));
    }
    Cli.fails(
        2,
        List.of("a condition is one of numeric, count, binary, categorical, given condition:label"),
        Cli.with(base, "--column=age=condition:label"));
    Cli.fails(2, List.of("error: --separator: expected one"), Cli.with(base, "--separator=ab"));
  }

  @Test
  void severalColumnsHaveAKindEach() {
    List<String> base = List.of("schema", "--data=" + data);
    JsonNode columns =
        Cli.object(
                Cli.ok(
                        Cli.with(
                            base,
                            "--column=age=categorical",
                            "--column=time=out",
                            "--na=EUR",
                            "--na=27",
                            "--json"))
                    .out())
            .get("columns");
    assertEquals("out", columns.get(1).get("kind").textValue());
    assertEquals("one value", reason(columns.get(3)));
    assertEquals("categorical", columns.get(4).get("kind").textValue());
    Cli.fails(
        2,
        List.of("--column age=out: another option gives that column the kind count"),
        Cli.with(base, "--column=age=count", "--column=age=out"));
    Cli.fails(
        2,
        List.of("--column fraud=count: another option gives that column the kind label"),
        "train",
        "--data=" + data,
        "--out=" + run,
        "--label-column=fraud",
        "--column=fraud=count");
    Cli.fails(
        2,
        List.of("--column: expected one column of the kind label at most, given age, fraud"),
        Cli.with(base, "--column=age=label", "--column=fraud=label"));
  }

  private static List<String> command(String name, List<String> options) {
    return Stream.concat(Stream.of(name), options.stream()).toList();
  }

  private static String reason(JsonNode column) {
    return column.get("remark").textValue().replace("left out: ", "");
  }

  @Test
  void aColumnWithoutAValueIsLeftOut() throws IOException {
    String rows =
        IntStream.range(0, 40)
            .mapToObj(i -> i * 7 % 13 / 2.0 + ",,NA\n")
            .collect(Collectors.joining());
    Files.writeString(data, "a,empty,none\n" + rows);
    Cli trained = Claims.train(data, run, 1);
    assertTrue(
        trained.out().matches("(?s).*\nempty +out +100.0 % +left out: no value\n.*"),
        trained.out());
    assertTrue(trained.out().contains("1 value"), trained.out());
    Files.writeString(data, "a,empty,none\n1.5,x,3\n");
    Cli.ok("score", "--model=" + run, "--data=" + data, REFERENCE);
    Cli.fails(
        1,
        List.of("column \"none\": the column has no values, so that it cannot be numeric"),
        "schema",
        "--data=" + Files.writeString(data, "a,empty,none\n" + rows),
        "--column=none=numeric");
  }

  @Test
  void anotherTableIsNoTableWithMissingColumns() throws IOException {
    Claims.train(data, run, 1);
    Path other = Files.writeString(folder.resolve("o.csv"), "Name;Betrag\nA;1,5\n");
    Cli answer = Cli.run("score", "--model=" + run, "--data=" + other, REFERENCE);
    assertEquals(1, answer.code());
    assertTrue(
        answer
            .err()
            .contains(
                "it has \"Name\", \"Betrag\": it is another table, or its header has other"
                    + " names"),
        answer.err());
    assertFalse(answer.err().contains("--missing"), answer.err());
  }

  @Test
  void aTableWithoutRowsHasNoScores() throws IOException {
    Claims.train(data, run, 1);
    Files.writeString(data, Claims.HEADER);
    Path out = folder.resolve("scores.csv");
    Cli scored = Cli.ok("score", "--model=" + run, "--data=" + data, "--out=" + out, REFERENCE);
    assertTrue(scored.err().contains("claims.csv: has no rows to score"), scored.err());
    assertFalse(scored.out().contains("NaN"), scored.out());
    assertEquals(1, Files.readAllLines(out).size());
  }

  @Test
  void columnsThatHaveTheNamesOfResults() throws IOException {
    String rows =
        IntStream.range(0, 40)
            .mapToObj(i -> "ID" + i * 3 + "," + i * 7 % 13 / 2.0 + "," + i % 2 + "\n")
            .collect(Collectors.joining());
    Files.writeString(data, "anomaly_score,draw,p_value\n" + rows + "ID1,,1\n");
    Claims.train(data, run, 1, "--label-column=p_value");
    Path out = folder.resolve("out.csv");
    List<String> files = List.of("--model=" + run, "--data=" + data, "--out=" + out, REFERENCE);
    Cli.ok(command("score", files));
    assertEquals(
        "data.anomaly_score,data.p_value,anomaly_score,score_error,p_value,is_outlier",
        Files.readAllLines(out).get(0));
    Cli.ok(Cli.with(command("impute", files), "--draws=2", "--samples=5"));
    assertEquals("draw_,anomaly_score,draw,p_value", Files.readAllLines(out).get(0));
  }

  @Test
  void aColumnOfTheConditionCannotBeMissing() throws IOException {
    Claims.train(data, run, 1, "--condition=columns:currency");
    Files.writeString(data, "age,time,amount,fraud\n30,2026-03-01 01:15:00,5.5,0\n");
    Cli answer = Cli.run("score", "--model=" + run, "--data=" + data, REFERENCE);
    assertEquals(1, answer.code());
    assertTrue(answer.err().contains("has no column \"currency\""), answer.err());
    assertTrue(answer.err().contains("the condition cannot be missing"), answer.err());
    assertFalse(answer.err().contains("--missing"), answer.err());
  }

  @Test
  void noRowIsHeldOutIfTheUserSaysSo() {
    Cli trained = Claims.train(data, run, 1, "--validation=0");
    assertTrue(trained.out().contains("120 rows of"), trained.out());
    assertTrue(trained.out().contains("no test data"), trained.out());
    assertFalse(Files.exists(run.resolve("calibration.json")));
    assertTrue(Files.exists(run.resolve("reference.json")));
    // The columns are scaled already.
    assertFalse(trained.err().contains("scale the columns"), trained.err());
  }
}
