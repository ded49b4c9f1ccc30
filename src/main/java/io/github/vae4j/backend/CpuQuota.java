// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The CPU quota of this process's control group, and of the groups above it, in processors: the
 * time of a period divided by the period, rounded up, as Java does. Both versions of control groups
 * are read where Linux mounts them, in /sys/fs/cgroup.
 */
final class CpuQuota {
  private static final List<String> FIRST_VERSION = List.of("cpu", "cpu,cpuacct");

  private CpuQuota() {}

  /** The quota; 0 if there is none or it is not known. */
  static int here() {
    return of(Path.of("/proc/self/cgroup"), Path.of("/sys/fs/cgroup"));
  }

  /**
   * The quota of a process.
   *
   * @param groups its control groups, one a line: number, controllers, path
   * @param mount the folder of the control groups
   */
  static int of(Path groups, Path mount) {
    int least = 0;
    try {
      for (String line : Files.readAllLines(groups)) {
        String[] parts = line.split(":", 3);
        if (parts.length < 3) {
          continue;
        }
        if (parts[1].isEmpty()) {
          least = least(least, along(mount, parts[2]));
        } else if (Arrays.asList(parts[1].split(",", -1)).contains("cpu")) {
          for (String controller : FIRST_VERSION) {
            least = least(least, along(mount.resolve(controller), parts[2]));
          }
        }
      }
    } catch (IOException e) {
      return least;
    }
    return least;
  }

  /** The least quota of a group and of those above it, also where the mount begins at the group. */
  private static int along(Path root, String group) {
    int least = quota(root);
    @Nullable Path at;
    try {
      at = root.resolve(group.replaceFirst("^/+", "")).normalize();
    } catch (InvalidPathException e) {
      // Under the locale POSIX Java names no file beyond ASCII.
      return least;
    }
    while (at != null && at.startsWith(root)) {
      least = least(least, quota(at));
      at = at.getParent();
    }
    return least;
  }

  private static int quota(Path group) {
    String both = text(group.resolve("cpu.max"));
    if (both == null) {
      both =
          text(group.resolve("cpu.cfs_quota_us")) + " " + text(group.resolve("cpu.cfs_period_us"));
    }
    if (!both.matches("[1-9][0-9]{0,15} [1-9][0-9]{0,15}")) {
      return 0;
    }
    String[] parts = both.split(" ", 2);
    long time = Long.parseLong(parts[0]);
    long period = Long.parseLong(parts[1]);
    return (int) Math.min(Integer.MAX_VALUE, (time + period - 1) / period);
  }

  private static @Nullable String text(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return null;
    }
  }

  /** The lesser of two numbers, of which 0 is none. */
  private static int least(int one, int other) {
    return one == 0 || other == 0 ? Math.max(one, other) : Math.min(one, other);
  }
}
