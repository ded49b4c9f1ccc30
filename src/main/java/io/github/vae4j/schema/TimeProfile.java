// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The statistics of a column's texts as times, for each format that is recognised. */
final class TimeProfile {
  private final List<Format> formats;

  TimeProfile(int sampled, RandomGenerator random) {
    formats =
        TimeFormat.TEXTS.stream()
            .map(format -> new Format(format, new Reservoir(sampled, random)))
            .toList();
  }

  void add(String text) {
    for (Format format : formats) {
      format.add(text);
    }
  }

  /** The format that most texts have, the first of several; null if none is a time. */
  @Nullable Format most() {
    Format most = formats.get(0);
    for (Format format : formats) {
      most = format.count() > most.count() ? format : most;
    }
    return most.count() == 0 ? null : most;
  }

  /** The times of one format. */
  static final class Format {
    private final TimeFormat format;
    private final TimeFormat.Reader reader;
    private final Reservoir sample;
    private double earliest = Double.POSITIVE_INFINITY;
    private double latest = Double.NEGATIVE_INFINITY;
    private int unit = TimeFormat.DAY;
    private boolean seconds;

    Format(TimeFormat format, Reservoir sample) {
      this.format = format;
      this.reader = format.reader();
      this.sample = sample;
    }

    private void add(String text) {
      double time = reader.read(text);
      if (!Double.isNaN(time)) {
        sample.add(time);
        earliest = Math.min(earliest, time);
        latest = Math.max(latest, time);
        unit = TimeFormat.unit(time, unit);
        seconds |= format.hasSeconds(text);
      }
    }

    TimeFormat format() {
      return format;
    }

    /** The number of texts of this format. */
    long count() {
      return sample.seen();
    }

    double earliest() {
      return earliest;
    }

    double latest() {
      return latest;
    }

    /** The largest unit of all times, in seconds: a day, an hour, a minute or a second. */
    int unit() {
      return unit;
    }

    /** Whether a text has seconds. */
    boolean seconds() {
      return seconds;
    }

    double[] sorted() {
      return sample.sorted();
    }
  }
}
