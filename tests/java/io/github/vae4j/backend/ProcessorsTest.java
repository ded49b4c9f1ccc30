// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessorsTest {
  private static final String ALLOWED = "the processors that this process may run on";

  @TempDir Path folder;

  @Test
  void theLeastRules() {
    assertEquals(new Processors(8, ALLOWED), Processors.of(8, 8, 0, false, null));
    assertEquals(new Processors(8, ALLOWED), Processors.of(8, 0, 0, false, "16"));
    assertEquals(
        new Processors(2, "the CPU quota of the control group"),
        Processors.of(2, 8, 0, false, "4"));
    assertEquals(new Processors(3, "-XX:ActiveProcessorCount"), Processors.of(3, 8, 0, true, null));
    assertEquals(new Processors(1, "OMP_NUM_THREADS=1"), Processors.of(2, 8, 0, false, "1"));
    assertEquals(new Processors(4, "OMP_NUM_THREADS= 4,2"), Processors.of(8, 8, 0, true, " 4,2"));
    assertEquals(new Processors(4, ALLOWED), Processors.of(64, 4, 0, true, "16"));
    assertEquals(
        new Processors(2, "the CPU quota of the control group"),
        Processors.of(64, 4, 2, true, null));
    assertEquals(new Processors(1, "OMP_NUM_THREADS=1"), Processors.of(64, 4, 2, true, "1"));
    assertEquals(new Processors(1, "-XX:ActiveProcessorCount"), Processors.of(1, 4, 2, true, "3"));
    for (String none : new String[] {"", "0", "-3", "many", "99999999999"}) {
      assertEquals(new Processors(8, ALLOWED), Processors.of(8, 8, 0, false, none), none);
    }
  }

  @Test
  void affinityIsCounted() throws IOException {
    Path status = folder.resolve("status");
    Files.writeString(status, "Name:\tjava\nCpus_allowed:\tff\nCpus_allowed_list:\t0-3,8,10-11\n");
    assertEquals(7, Processors.affinity(status));
    Files.writeString(status, "Cpus_allowed_list:\tnone\n");
    assertEquals(0, Processors.affinity(status));
    assertEquals(0, Processors.affinity(folder.resolve("missing")));
  }

  @Test
  void theQuotaIsTheLeastAlongTheGroups() throws IOException {
    Path groups = Files.writeString(folder.resolve("cgroup"), "5:cpuset:/\n0::/service/web\n");
    Path mount = folder.resolve("mount");
    Path web = Files.createDirectories(mount.resolve("service/web"));
    assertEquals(0, CpuQuota.of(groups, mount));
    Files.writeString(web.resolve("cpu.max"), "max 100000\n");
    assertEquals(0, CpuQuota.of(groups, mount));
    Files.writeString(mount.resolve("service/cpu.max"), "250000 100000\n");
    assertEquals(3, CpuQuota.of(groups, mount));
    Files.writeString(web.resolve("cpu.max"), "100000 100000\n");
    assertEquals(1, CpuQuota.of(groups, mount));
    assertEquals(0, CpuQuota.of(folder.resolve("missing"), mount));
  }

  /** As one beyond ASCII under the locale POSIX. */
  @Test
  void aGroupThatJavaCannotNameHasTheQuotaOfTheMount() throws IOException {
    Path groups = Files.writeString(folder.resolve("cgroup"), "0::/service/\0\n");
    Path mount = Files.createDirectory(folder.resolve("mount"));
    assertEquals(0, CpuQuota.of(groups, mount));
    Files.writeString(mount.resolve("cpu.max"), "150000 100000\n");
    assertEquals(2, CpuQuota.of(groups, mount));
  }

  /**
   * The first version of control groups, in a container: its own group is the root of the mount.
   */
  @Test
  void theQuotaOfTheFirstVersionIsReadAtTheMount() throws IOException {
    Path groups = Files.writeString(folder.resolve("cgroup"), "4:cpu,cpuacct:/docker/abc\n");
    Path mount = folder.resolve("mount");
    Path cpu = Files.createDirectories(mount.resolve("cpu,cpuacct"));
    Files.writeString(cpu.resolve("cpu.cfs_period_us"), "100000\n");
    Files.writeString(cpu.resolve("cpu.cfs_quota_us"), "-1\n");
    assertEquals(0, CpuQuota.of(groups, mount));
    Files.writeString(cpu.resolve("cpu.cfs_quota_us"), "150000\n");
    assertEquals(2, CpuQuota.of(groups, mount));
  }

  @Test
  void moreThreadsAreAllowedUpToABound() {
    Processors two = Processors.of(2, 2, 0, false, null);
    assertEquals(2, two.threads(0));
    assertEquals(1, two.threads(1));
    assertEquals(256, two.threads(256));
    assertEquals(512, Processors.of(128, 128, 0, false, null).threads(512));
    assertEquals(
        "threads: expected 0 (2 here, by " + ALLOWED + ") to 256, given 9000",
        assertThrows(IllegalArgumentException.class, () -> two.threads(9000)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> two.threads(257));
    assertThrows(IllegalArgumentException.class, () -> two.threads(-1));
  }
}
