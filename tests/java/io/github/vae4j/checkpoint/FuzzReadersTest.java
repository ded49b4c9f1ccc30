// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.github.vae4j.VaeException;
import io.github.vae4j.data.ArrayOptions;
import io.github.vae4j.data.BadRows;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.Numerals;
import io.github.vae4j.data.OpenOptions;
import io.github.vae4j.data.Table;
import io.github.vae4j.data.TableOptions;
import io.github.vae4j.data.TableRows;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Reads changed files with every reader: the answer is a result or a {@link VaeException}, after
 * less than 5 seconds of a processor, and with memory in proportion to the file. The files are a
 * function of the seed.
 *
 * <ul>
 *   <li>{@code -Dvae4j.fuzz=N}: files for each reader
 *   <li>{@code -Dvae4j.fuzz.seed=S}: other files
 *   <li>{@code -Dvae4j.fuzz.readers=NPY,CSV}: only these readers
 * </ul>
 */
class FuzzReadersTest {
  private static final int COUNT = Integer.getInteger("vae4j.fuzz", 200);
  private static final long SEED = Long.getLong("vae4j.fuzz.seed", 1);
  private static final String READERS = System.getProperty("vae4j.fuzz.readers", "");
  private static final long MOST_NANOS = 5_000_000_000L;
  private static final long LIMIT_BYTES = 48L << 20;
  private static final long LIMIT_RATIO = 4096;

  @TempDir Path folder;

  /** Reads a file to the end. */
  private interface Reading {
    void read(Path file) throws IOException;
  }

  /** The readers, by the format of their files. */
  @SuppressWarnings("ImmutableEnumChecker")
  enum Reader {
    SAFETENSORS("t.safetensors", Reader::tensors),
    MODEL("model.safetensors", ModelFile::load),
    CHECKPOINT("checkpoint.safetensors", Checkpoint::read),
    SAMPLER("s.safetensors", file -> SamplerFile.load(file, FuzzSeeds.WEIGHTS, 2)),
    JSON("vae.json", VaeJson::read),
    SCHEMA("schema.json", SchemaJson::read),
    REFERENCE("reference.json", file -> ReferenceJson.read(file, FuzzSeeds.WEIGHTS)),
    CALIBRATION("calibration.json", file -> CalibrationJson.read(file, FuzzSeeds.WEIGHTS)),
    METRICS("metrics.jsonl", MetricsLines::read),
    NPY("a.npy", Reader::rows),
    NPZ("a.npz", file -> rows(file + ":x")),
    IDX("a.idx", file -> rows("idx:" + file)),
    LABELS("l.idx", file -> rows("idx:" + file.resolveSibling("images.idx") + "," + file)),
    GZIP("a.gz", file -> rows("idx:" + file)),
    CSV("a.csv", Reader::rows),
    TABLE("t.csv", Reader::cells),
    PNG("p/a.png", file -> rows(file.getParent() + "/")),
    JPEG("j/a.jpg", file -> rows(file.getParent() + "/"));

    private final String file;
    private final Reading reading;

    Reader(String file, Reading reading) {
      this.file = file;
      this.reading = reading;
    }

    private static void tensors(Path file) {
      try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
        for (SafeTensors.Tensor tensor : reader.tensors().values()) {
          switch (tensor.type()) {
            case I64 -> reader.longs(tensor);
            case F64 -> reader.doubles(tensor);
            case U8 -> reader.bytes(tensor);
            default -> reader.floats(tensor);
          }
        }
      }
    }

    private static void rows(Path file) {
      rows(file.toString());
    }

    /** In memory, streamed, and with missing values. */
    private static void rows(String spec) {
      VaeException last = null;
      for (OpenOptions options :
          List.of(
              new OpenOptions(Long.MAX_VALUE),
              new OpenOptions(0),
              new OpenOptions(Long.MAX_VALUE)
                  .withMissing(true)
                  .withArrays(ArrayOptions.PLAIN.withBytes(ArrayOptions.Bytes.NUMBERS)))) {
        try (DataSet set = DataSets.open(spec, options)) {
          DataSets.values(set, 0, Math.min(set.rows(), 10));
          set.place(set.rows() - 1, set.features() - 1);
        } catch (VaeException e) {
          last = e;
        }
      }
      if (last != null) {
        throw last;
      }
    }

    /** All cells, with the first bad row refused and with all left out. */
    private static void cells(Path file) {
      TableOptions skip =
          TableOptions.defaults().withHeader(TableOptions.Header.NO).withBadRows(BadRows.skip());
      VaeException last = null;
      for (TableOptions options : List.of(TableOptions.defaults(), skip)) {
        try (Table table = Table.open(file.toString(), options);
            TableRows rows = table.rows()) {
          while (rows.next()) {
            for (int column = 0; column < table.columns().size(); column++) {
              String text = rows.get(column);
              double number = rows.number(column, Numerals.PLAIN);
              if (text != null && Double.isNaN(number)) {
                Numerals.PLAIN.hint(text);
              }
            }
          }
        } catch (VaeException e) {
          last = e;
        }
      }
      if (last != null) {
        throw last;
      }
    }

    /** Whether the file is one object of JSON, of which more changes are tried. */
    boolean isJson() {
      return file.endsWith(".json");
    }

    /** The number of files. */
    private int count() {
      return isJson() ? 5 * COUNT : COUNT;
    }

    /** Whether memory is in proportion to what the header announces and the heap, not the file. */
    private boolean isPicture() {
      return this == PNG || this == JPEG;
    }
  }

  /** The state of the thread that reads. */
  private static final class Progress {
    final AtomicLong number = new AtomicLong(-1);
    final AtomicLong started = new AtomicLong();
    final AtomicReference<@Nullable String> fault = new AtomicReference<>();
    int refused;
    long most;
  }

  @ParameterizedTest
  @EnumSource
  void onlyDocumentedExceptions(Reader reader) throws Exception {
    assumeTrue(
        READERS.isEmpty() || Arrays.asList(READERS.split(",")).contains(reader.name()),
        "not among -Dvae4j.fuzz.readers");
    List<byte[]> good = FuzzSeeds.of(reader, folder);
    Path file = folder.resolve(reader.file);
    Files.createDirectories(file.getParent());
    for (byte[] bytes : good) {
      Files.write(file, bytes);
      reader.reading.read(file);
    }
    Progress progress = new Progress();
    Thread worker = new Thread(() -> work(reader, good, file, progress), "fuzz " + reader);
    worker.setDaemon(true);
    worker.start();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    while (worker.isAlive()) {
      worker.join(200);
      long number = progress.number.get();
      long used = threads.getThreadCpuTime(worker.getId()) - progress.started.get();
      if (worker.isAlive() && used > MOST_NANOS && number == progress.number.get()) {
        fail(reader + " " + number + " hangs: " + Arrays.toString(worker.getStackTrace()));
      }
    }
    if (progress.fault.get() != null) {
      fail(progress.fault.get());
    }
    // Changes that no reader sees would test nothing.
    int count = reader.count();
    assertTrue(progress.refused > count / 10, "refused " + progress.refused + " of " + count);
    if (COUNT > 1000) {
      System.out.println(
          "%s: %d files, %d refused, at most %d MiB for one"
              .formatted(reader, count, progress.refused, progress.most >> 20));
    }
  }

  private static void work(Reader reader, List<byte[]> good, Path file, Progress progress) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    for (int i = 0; i < reader.count() && progress.fault.get() == null; i++) {
      Random random = new Random(SEED * 1_000_003 + i);
      byte[] bytes = FuzzSeeds.wrapped(reader, good, Mutation.of(good, random), random);
      try {
        Files.write(file, bytes);
      } catch (IOException e) {
        progress.fault.set("cannot write " + file + ": " + e);
        return;
      }
      progress.started.set(threads.getCurrentThreadCpuTime());
      progress.number.set(i);
      long before = threads.getThreadAllocatedBytes(self);
      try {
        reader.reading.read(file);
      } catch (VaeException e) {
        progress.refused++;
        String message = String.valueOf(e.getMessage());
        if (message.length() > 2_000 || (reader.isJson() && !message.contains(file.toString()))) {
          progress.fault.set(text(reader, i, bytes) + "the message " + message);
        }
      } catch (IOException | RuntimeException | Error e) {
        progress.fault.set(text(reader, i, bytes) + e + " " + Arrays.toString(e.getStackTrace()));
      }
      long taken = threads.getThreadAllocatedBytes(self) - before;
      progress.most = Math.max(progress.most, taken);
      if (!reader.isPicture() && taken > LIMIT_BYTES + LIMIT_RATIO * bytes.length) {
        progress.fault.set(text(reader, i, bytes) + "takes " + taken + " bytes of memory");
      }
    }
  }

  private static String text(Reader reader, int number, byte[] bytes) {
    return "%s %d of seed %d (%d bytes: %s): "
        .formatted(
            reader,
            number,
            SEED,
            bytes.length,
            HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 400)));
  }
}
