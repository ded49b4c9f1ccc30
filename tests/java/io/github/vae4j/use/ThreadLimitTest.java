// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.vae4j.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers of threads that the machine does not have, or that it does not give. */
@Tag("slow")
final class ThreadLimitTest {
  @TempDir Path folder;

  @Test
  void thousandsOfThreadsAreRefusedWithTheBound() throws IOException, InterruptedException {
    ChildJvm.Ended ended =
        run(List.of(), Map.of(), "bench", "--backend", "cpu", "--threads", "9000");
    assertEquals(2, ended.code(), ended.err());
    assertTrue(ended.err().contains("threads: expected 0 ("), ended.err());
    assertTrue(ended.err().contains(", given 9000"), ended.err());
  }

  /** Once libgomp ended the JVM with "Thread creation failed". */
  @Test
  void aLimitOfTheSystemIsAMessageAndNotTheEndOfTheJvm() throws IOException, InterruptedException {
    // The stacks of 255 threads need more than is left of the limit.
    ChildJvm.Ended ended =
        run(
            List.of("bash", "-c", "ulimit -s 65536 && exec prlimit --as=9000000000 \"$@\"", "bash"),
            Map.of(),
            "bench",
            "--backend",
            "cpu",
            "--threads",
            "255");
    assertEquals(1, ended.code(), ended.err());
    assertTrue(ended.err().contains("threads: the system gives this process "), ended.err());
    assertTrue(ended.err().contains("; ask for at most "), ended.err());
  }

  @Test
  void theDefaultIsTheLeastAndDoctorNamesItsRule() throws IOException, InterruptedException {
    ChildJvm.Ended ended = run(List.of(), Map.of("OMP_NUM_THREADS", "1"), "doctor");
    assertTrue(ended.out().contains("threads    1, by OMP_NUM_THREADS=1;"), ended.out());
    assertTrue(ended.out().contains(", 1 thread, fp32"), ended.out());
    ended = run(List.of(), Map.of("JDK_JAVA_OPTIONS", "-XX:ActiveProcessorCount=1"), "doctor");
    assertTrue(ended.out().contains("threads    1, by -XX:ActiveProcessorCount;"), ended.out());
    assertTrue(ended.out().contains(", 1 thread, fp32"), ended.out());
  }

  /** Java takes the option for its number of processors, however many there are. */
  @Test
  void neitherTheOptionNorTheVariableGoesBeyondTheAffinity()
      throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/taskset")), "needs taskset");
    ChildJvm.Ended ended =
        ChildJvm.run(
            folder,
            List.of("taskset", "-c", "0"),
            Map.of("OMP_NUM_THREADS", "16"),
            List.of("-XX:ActiveProcessorCount=8"),
            Main.class,
            "doctor");
    assertTrue(
        ended.out().contains("threads    1, by the processors that this process may run on;"),
        ended.out());
    assertTrue(ended.out().contains(", 1 thread, fp32"), ended.out());
  }

  private ChildJvm.Ended run(
      List<String> before, Map<String, String> variables, String... arguments)
      throws IOException, InterruptedException {
    return ChildJvm.run(
        folder,
        before,
        variables,
        List.of("-Xmx256m", "-XX:-UseCompressedClassPointers"),
        Main.class,
        arguments);
  }
}
