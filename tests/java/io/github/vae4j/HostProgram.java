// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.NativeBuild;
import io.github.vae4j.backend.SanitizedLibrary;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Requests to native/tests/host.cpp, and the results that it must give, to the bit. */
public final class HostProgram {
  private static final Path NATIVE = Path.of("native").toAbsolutePath();
  private static final List<String> SOURCES =
      List.of("normal_quantile", "observation", "observation_kinds", "posterior_codes");

  private final Path folder;
  private final Path requests;
  private final OutputStream out;
  private final List<Expected> all = new ArrayList<>();

  /** The results of a request. */
  private static final class Expected {
    private final String request;
    private final double[] results;

    private Expected(String request, double[] results) {
      this.request = request;
      this.results = results;
    }
  }

  public HostProgram(Path folder) throws IOException {
    this.folder = folder;
    requests = folder.resolve("requests");
    out = new BufferedOutputStream(Files.newOutputStream(requests));
  }

  /** Begins a request; its operands follow. */
  public HostProgram ask(String name) throws IOException {
    return text(name);
  }

  /** Ends a request. A message of a failure has its description. */
  public void expect(String request, double... results) {
    all.add(new Expected(request, results));
  }

  public HostProgram text(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    out.write(bytes);
    return this;
  }

  public HostProgram number(int value) throws IOException {
    byte[] bytes = new byte[4];
    buffer(bytes).putInt(value);
    out.write(bytes);
    return this;
  }

  public HostProgram number(long value) throws IOException {
    byte[] bytes = new byte[8];
    buffer(bytes).putLong(value);
    out.write(bytes);
    return this;
  }

  public HostProgram number(double value) throws IOException {
    byte[] bytes = new byte[8];
    buffer(bytes).putDouble(value);
    out.write(bytes);
    return this;
  }

  public HostProgram array(double... values) throws IOException {
    number(values.length);
    byte[] bytes = new byte[8 * values.length];
    buffer(bytes).asDoubleBuffer().put(values);
    out.write(bytes);
    return this;
  }

  public HostProgram array(float... values) throws IOException {
    number(values.length);
    byte[] bytes = new byte[4 * values.length];
    buffer(bytes).asFloatBuffer().put(values);
    out.write(bytes);
    return this;
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Builds and runs the program with optimisation, and compares its results.
   *
   * @param architecture of g++'s -march
   * @return its output
   */
  public String run(String architecture) throws IOException, InterruptedException {
    out.close();
    Path program = Path.of("target/native-host", architecture, "host").toAbsolutePath();
    List<String> command = new ArrayList<>(List.of("g++", "-O3", "-march=" + architecture));
    command.addAll(NativeBuild.PROGRAM);
    command.add(NATIVE.resolve("tests/host.cpp").toString());
    SOURCES.forEach(name -> command.add(NATIVE.resolve("src/model/" + name + ".cpp").toString()));
    command.addAll(List.of("-o", program.toString()));
    NativeBuild.make(program, command);
    List<String> started = new ArrayList<>(List.of(program.toString()));
    started.addAll(files());
    String said = new Programs(folder).run(Map.of(), started);
    compare();
    return said;
  }

  /**
   * Builds and runs the program with sanitizers, and compares its results.
   *
   * @return its output
   */
  public String runSanitized() throws IOException, InterruptedException {
    out.close();
    String said = SanitizedLibrary.build().run(folder, "host", files());
    compare();
    return said;
  }

  private Path results() {
    return folder.resolve("results");
  }

  private List<String> files() {
    return List.of(requests.toString(), results().toString());
  }

  private void compare() throws IOException {
    try (FileChannel channel = FileChannel.open(results())) {
      ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      DoubleBuffer given = bytes.order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
      for (Expected expected : all) {
        for (int i = 0; i < expected.results.length; i++) {
          assertTrue(given.hasRemaining(), expected.request + ": results end before number " + i);
          double result = given.get();
          // The bits of a NaN may differ: which of two operands it comes from is open.
          if (Double.doubleToLongBits(result) != Double.doubleToLongBits(expected.results[i])) {
            assertEquals(expected.results[i], result, expected.request + ", number " + i);
          }
        }
      }
      assertEquals(0, given.remaining(), "results without a request");
    }
  }
}
