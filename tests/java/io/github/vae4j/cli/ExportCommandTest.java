// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.vae4j.Programs;
import io.github.vae4j.checkpoint.ModelFile;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code vae4j export}, and the example of a program that uses its files. */
final class ExportCommandTest {
  @TempDir private static Path folder = Path.of("");

  private static String model = "";

  @BeforeAll
  static void train() throws Exception {
    String data = Cli.imageRows(folder);
    Path run = folder.resolve("run");
    model = "--model=" + run;
    Cli.ok(
        "train",
        data,
        "--out=" + run,
        "--backend=reference",
        "--latent=2",
        "--hidden=4",
        "--epochs=1");
  }

  @Test
  void graphsAreWrittenAndReplaced() throws Exception {
    Path out = folder.resolve("a/onnx");
    for (int time = 0; time < 2; time++) {
      String said = Cli.ok("export", model, "--format=onnx", "--out=" + out).out();
      for (String name : List.of("encoder.onnx", "decoder.onnx", "score.onnx")) {
        assertTrue(said.contains("wrote " + out.resolve(name)), said);
        assertTrue(Files.size(out.resolve(name)) > 100, name);
      }
    }
  }

  private static OrtSession session(Path file) throws OrtException {
    return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "vae4j")
        .createSession(file.toString());
  }

  @Test
  void aModuleOfPyTorchIsWrittenBesideItsWeights() throws Exception {
    Path out = folder.resolve("torch");
    Cli.ok("export", model, "--format=torch", "--out=" + out);
    assertEquals(
        -1,
        Files.mismatch(folder.resolve("run/model.safetensors"), out.resolve("model.safetensors")));
    String program = Files.readString(out.resolve("model.py"));
    assertTrue(program.contains("(flat, nn.Linear(64, 4), F.relu),"), program);
    Path run = folder.resolve("run");
    Cli.fails(
        2,
        List.of("--out: " + run.resolve("model.safetensors"), "is the file that --model reads"),
        "export",
        model,
        "--format=torch",
        "--out=" + run);
    Cli.fails(
        2,
        List.of(
            "--input: expected none with --format torch, given float; leave it out, or give --format onnx"),
        "export",
        model,
        "--format=torch",
        "--input=float",
        "--out=" + out);
  }

  @Test
  void aModelOfTheNativeLibraryIsTheSameFile() throws Exception {
    Path out = folder.resolve("native");
    Cli.ok("export", model, "--format=native", "--out=" + out);
    assertEquals(
        -1,
        Files.mismatch(folder.resolve("run/model.safetensors"), out.resolve("model.safetensors")));
  }

  /** As a program that changes the tensors in PyTorch writes them. */
  private static void withoutMetadata(Path from, Path to) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(from)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = new byte[(int) file.getLong()];
    file.get(header);
    ObjectMapper json = new ObjectMapper();
    ObjectNode tensors = (ObjectNode) json.readTree(header);
    tensors.putObject("__metadata__").put("format", "pt");
    byte[] shorter = json.writeValueAsBytes(tensors);
    byte[] padded = Arrays.copyOf(shorter, (shorter.length + 7) / 8 * 8);
    Arrays.fill(padded, shorter.length, padded.length, (byte) ' ');
    ByteBuffer changed =
        ByteBuffer.allocate(Long.BYTES + padded.length + file.remaining())
            .order(ByteOrder.LITTLE_ENDIAN);
    Files.write(to, changed.putLong(padded.length).put(padded).put(file).array());
  }

  @Test
  void weightsOfAnotherProgramGetPrograms() throws Exception {
    Path run = folder.resolve("run");
    Path changed = Files.createDirectory(folder.resolve("changed"));
    withoutMetadata(run.resolve("model.safetensors"), changed.resolve("weights.safetensors"));
    Files.copy(run.resolve("vae.json"), changed.resolve("vae.json"));
    Path out = folder.resolve("programs");
    Cli.ok(
        "export",
        "--model=" + changed.resolve("weights.safetensors"),
        "--format=native",
        "--out=" + out);
    assertEquals(
        -1, Files.mismatch(run.resolve("model.safetensors"), out.resolve("model.safetensors")));
  }

  @Test
  void anotherRunIsNotReplaced() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    Path weights = Files.writeString(other.resolve("model.safetensors"), "trained");
    Files.writeString(other.resolve("vae.json"), "{}");
    for (String format : List.of("torch", "native")) {
      Cli.fails(
          2,
          List.of("--out: expected a folder without a run, given " + other, "name a new folder"),
          "export",
          model,
          "--format=" + format,
          "--out=" + other);
    }
    assertEquals("trained", Files.readString(weights));
  }

  @Test
  void metadataHaveTheVersionAndTheModel() throws Exception {
    Path out = folder.resolve("metadata");
    Cli.ok("export", model, "--format=onnx", "--out=" + out);
    try (OrtSession session = session(out.resolve("encoder.onnx"))) {
      assertEquals("vae4j", session.getMetadata().getProducerName());
      Map<String, String> own = session.getMetadata().getCustomMetadata();
      assertEquals(ModelFile.metadata(ModelFile.load(folder.resolve("run")).spec()), own);
      assertEquals(Set.of("mean", "logvar"), session.getOutputNames());
    }
  }

  @Test
  void jsonHasTheFiles() throws Exception {
    Path out = folder.resolve("json");
    JsonNode said =
        new ObjectMapper()
            .readTree(Cli.ok("export", model, "--format=onnx", "--out=" + out, "--json").out());
    assertEquals("onnx", said.path("format").asText());
    assertEquals(
        Files.size(out.resolve("score.onnx")), said.path("files").path("score.onnx").asLong());
  }

  @Test
  void wrongUsageIsRefused() {
    String out = "--out=" + folder.resolve("none");
    Cli.fails(
        2,
        List.of("--format", "given \"pmml\"", "expected onnx, torch, native"),
        "export",
        model,
        "--format=pmml",
        out);
    Cli.fails(2, List.of("Missing required option", "--format"), "export", model, out);
    Cli.fails(
        2,
        List.of("--input", "expected float, uint8, given \"int\""),
        "export",
        model,
        "--format=onnx",
        "--input=int",
        out);
  }

  @Test
  void theColumnsOfATableHaveTypesOfTheirOwn() throws Exception {
    Path run = folder.resolve("claims");
    Claims.train(Claims.write(folder), run, 1);
    String table = "--model=" + run;
    Path out = folder.resolve("table");
    Cli.fails(
        2,
        List.of("--input: expected float, as the columns of a table"),
        "export",
        table,
        "--format=onnx",
        "--input=uint8",
        "--out=" + out);
    Cli.ok("export", table, "--format=onnx", "--out=" + out);
    Path own = folder.resolve("ownTable");
    String said = Cli.ok("export", table, "--format=native", "--out=" + own).out();
    for (String name : List.of("calibration.json", "reference.json")) {
      assertEquals(-1, Files.mismatch(run.resolve(name), own.resolve(name)));
      assertTrue(said.contains("wrote " + own.resolve(name)), said);
    }
    for (String name : List.of("calibration.json", "reference.json")) {
      Path file = run.resolve(name);
      String whole = Files.readString(file);
      Files.writeString(file, "{\"format\": 1, \"no");
      Path damaged = folder.resolve("damaged");
      Cli.fails(1, List.of(name), "export", table, "--format=native", "--out=" + damaged);
      assertFalse(Files.exists(damaged));
      Files.writeString(file, whole);
    }
    Cli.fails(
        2,
        List.of("--out: expected a folder without files of another model", "calibration.json"),
        "export",
        model,
        "--format=native",
        "--out=" + own);
    try (OrtSession session = session(out.resolve("score.onnx"))) {
      assertTrue(
          session.getInputNames().containsAll(Set.of("time", "amount", "currency", "age", "eps")),
          session.getInputNames().toString());
    }
  }

  @Test
  void aFolderThatIsAFileIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    Cli.fails(
        1, List.of("cannot write", "file"), "export", model, "--format=onnx", "--out=" + file);
  }

  /** The program without a jar, in a class loader of its own. */
  private static String saidWithout(String jar, String... arguments) throws Exception {
    URL[] path =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains(jar))
            .map(ExportCommandTest::url)
            .toArray(URL[]::new);
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    try (URLClassLoader loader = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
      Object code =
          loader
              .loadClass(Main.class.getName())
              .getMethod("run", String[].class, PrintWriter.class, PrintWriter.class)
              .invoke(null, arguments, out, out);
      assertEquals(1, code, said::toString);
    }
    return said.toString();
  }

  private static URL url(String entry) {
    try {
      return Path.of(entry).toUri().toURL();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void withoutTheLibraryTheErrorSaysWhatToAdd() throws Exception {
    for (String jar : List.of("tribuo-util-onnx", "protobuf-java")) {
      String said =
          saidWithout(jar, "export", model, "--format=onnx", "--out=" + folder.resolve("without"));
      assertTrue(said.contains("add org.tribuo:tribuo-util-onnx:4.3.2"), said);
    }
  }

  @Test
  void theExampleOfTheDocumentsRuns() throws Exception {
    Path out = folder.resolve("example");
    Cli.ok("export", model, "--format=onnx", "--out=" + out);
    String said =
        new Programs(folder)
            .run(
                Map.of(),
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "docs/examples/ScoreWithOnnx.java",
                    out.resolve("score.onnx").toString()));
    assertTrue(said.strip().matches("\\[[-0-9.]+, [-0-9.]+, [-0-9.]+\\]"), said);
  }
}
