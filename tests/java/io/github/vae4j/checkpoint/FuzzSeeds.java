// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.checkpoint.FuzzReadersTest.Reader;
import io.github.vae4j.checkpoint.SafeTensors.TensorType;
import io.github.vae4j.data.Bytes;
import io.github.vae4j.infer.Calibration;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.sampler.GaussianMixture;
import io.github.vae4j.schema.Column;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.table.TableDefaults;
import io.github.vae4j.train.EpochMetrics;
import io.github.vae4j.train.TrainState;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/** Good files of each format, and the wrapping of changed content, so that it reaches a reader. */
final class FuzzSeeds {
  /** The weights of the model of the sampler. */
  static final float[] WEIGHTS = {1, 2, 3};

  private FuzzSeeds() {}

  static List<byte[]> of(Reader reader, Path folder) throws IOException {
    return switch (reader) {
      case SAFETENSORS -> List.of(tensors(folder), foreign());
      case MODEL -> models(folder);
      case CHECKPOINT -> List.of(checkpoint(folder));
      case SAMPLER -> List.of(sampler(folder));
      case JSON -> List.of(json(folder, Specs.families().get(4)), json(folder, tables()));
      case SCHEMA -> List.of(schema(folder), ascii(DRAFT));
      case REFERENCE -> List.of(reference(folder));
      case CALIBRATION -> List.of(calibration(folder));
      case METRICS -> List.of(metrics(folder));
      case NPY, NPZ -> inArchive(reader, List.of(npy("<f4", "(2, 3)"), npy("|u1", "(3, 2, 4)")));
      case IDX -> List.of(idx(8, 2, 2, 3), idx(13, 2, 2), idx(12, 3, 1));
      case LABELS -> {
        Files.write(folder.resolve("images.idx"), idx(8, 3, 2, 2));
        yield List.of(idx(8, 3), idx(12, 3));
      }
      case GZIP -> List.of(gzip(idx(8, 2, 2, 3)), join(gzip(idx(8, 3, 1)), gzip(new byte[0])));
      case CSV ->
          List.of(ascii(CSV), ascii("a\n1\n2\n"), gzip(ascii(CSV)), ascii(",\"x\ny\"\n0,1\n"));
      case TABLE ->
          List.of(
              ascii(CSV),
              ascii("id;x\r\nT1;1,5\r\n\r\n\"T\n2\";1.234,5\r\n'T3';7%\r\n"),
              "a\tb\n1\tx\n2\t\"y\n".getBytes(StandardCharsets.UTF_16),
              gzip(ascii(CSV)));
      case PNG -> List.of(picture("png", 1), picture("png", 3), picture("png", 0));
      case JPEG -> List.of(picture("jpg", 1), picture("jpg", 3));
    };
  }

  private static final String DRAFT =
      "{\"format\":1,\"columns\":[{\"name\":\"a\",\"kind\":\"numeric:log\"},"
          + "{\"name\":\"b\",\"kind\":\"condition:categorical:5\"}]}";

  private static final String CSV = "a,b,\"c, d\"\n1,2.5,-3e4\n\"4\",5,6\n\n7,8,9\n";

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] tensors(Path folder) throws IOException {
    Path file = folder.resolve("seed");
    new SafeTensorsWriter()
        .metadata("format", "pt")
        .tensor("a", TensorType.F32, sink -> sink.floats(new float[] {1, 2, 3, 4}, 0, 4), 2, 2)
        .tensor("b", TensorType.I64, sink -> sink.longs(5), 1)
        .tensor("c", TensorType.F64, sink -> sink.doubles(0.5, 1), 2)
        .tensor("d", TensorType.U8, sink -> {}, 0)
        .write(file);
    return Files.readAllBytes(file);
  }

  private static byte[] foreign() {
    byte[] json =
        ascii(
            "{\"h\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[4,8]},"
                + "\"b\":{\"dtype\":\"BF16\",\"shape\":[2,1],\"data_offsets\":[0,4]}}");
    return ByteBuffer.allocate(8 + json.length + 8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .putLong(0x3c00_3c00_3f80_3f80L)
        .array();
  }

  private static List<byte[]> models(Path folder) throws IOException {
    List<byte[]> files = new ArrayList<>();
    Path file = folder.resolve("seed");
    for (var spec : Specs.families()) {
      ModelFile.save(file, spec, Specs.parameters(spec, 1));
      files.add(Files.readAllBytes(file));
    }
    return files;
  }

  private static byte[] checkpoint(Path folder) throws IOException {
    Path own = Files.createDirectories(folder.resolve("seeds"));
    int length = Specs.parameters(Specs.SMALL, 1).length;
    TrainState state =
        new TrainState(
            new float[length],
            new float[length],
            new float[length],
            null,
            new double[] {3, 0, 0},
            new TrainState.Clock(3, 1, 0, new double[4]),
            -1,
            0,
            Map.of("k", "v"));
    new Checkpoint(Specs.SMALL, Specs.CONFIG, Specs.DATA, state).save(own);
    return Files.readAllBytes(own.resolve(RunFolder.CHECKPOINT));
  }

  private static byte[] sampler(Path folder) throws IOException {
    Path file = folder.resolve("seed");
    double[][] means = {{0, 1}, {2, 3}};
    double[][] factors = {{1, 0, 0, 1}, {1, 0, 0.5, 1}};
    SamplerFile.save(file, new GaussianMixture(new double[] {0.5, 0.5}, means, factors), WEIGHTS);
    return Files.readAllBytes(file);
  }

  private static byte[] json(Path folder, VaeSpec spec) throws IOException {
    Path file = folder.resolve("seed");
    VaeJson.write(file, new RunFile(spec, Specs.CONFIG, Specs.DATA));
    return Files.readAllBytes(file);
  }

  /** A model of tables with every kind of column but a condition. */
  private static VaeSpec tables() {
    Schema all = SchemaJsonTest.ALL;
    List<Column> columns = all.columns().stream().filter(c -> !c.name().equals("k")).toList();
    return TableDefaults.model(new Features(new Schema(columns, all.reading())));
  }

  private static byte[] schema(Path folder) throws IOException {
    Path file = folder.resolve("seed");
    SchemaJson.write(file, SchemaJsonTest.ALL);
    return Files.readAllBytes(file);
  }

  private static byte[] reference(Path folder) throws IOException {
    Path file = folder.resolve("seed");
    ReferenceJson.write(file, ReferenceJsonTest.REFERENCE, WEIGHTS);
    return Files.readAllBytes(file);
  }

  private static byte[] calibration(Path folder) throws IOException {
    Path file = folder.resolve("seed");
    Calibration scores = new Calibration(64, 7, List.of(-1.5, 2.0, 1e300), List.of(0.5, 1.0));
    CalibrationJson.write(file, scores, WEIGHTS);
    return Files.readAllBytes(file);
  }

  private static byte[] metrics(Path folder) throws IOException {
    RecordComponent[] components = EpochMetrics.class.getRecordComponents();
    Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      Object whole = types[i] == int.class ? (Object) (i + 1) : (Object) (i + 1L);
      values[i] = types[i] == double.class ? (Object) 1.5 : whole;
    }
    Path file = folder.resolve("seed.jsonl");
    Files.deleteIfExists(file);
    try {
      var make = EpochMetrics.class.getDeclaredConstructor(types);
      MetricsLines.append(file, make.newInstance(values));
      MetricsLines.append(file, make.newInstance(values));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    return Files.readAllBytes(file);
  }

  private static byte[] npy(String type, String shape) {
    return Bytes.npy(type, false, shape).u8(new int[24]).array();
  }

  private static byte[] idx(int type, int... shape) {
    int values = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    return Bytes.idx(type, shape).u8(new int[type == 8 ? values : 4 * values]).array();
  }

  private static byte[] picture(String format, int bands) throws IOException {
    int type =
        bands == 0
            ? BufferedImage.TYPE_BYTE_BINARY
            : bands == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB;
    BufferedImage image = new BufferedImage(9, 7, type);
    for (int i = 0; i < 63; i++) {
      image.setRGB(i % 9, i / 9, i * 0x40301);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, format, out);
    return out.toByteArray();
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
      packed.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] zip(byte[] array) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream packed = new ZipOutputStream(out)) {
      packed.putNextEntry(new ZipEntry("x.npy"));
      packed.write(array);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static List<byte[]> inArchive(Reader reader, List<byte[]> arrays) {
    return reader == Reader.NPZ ? arrays.stream().map(FuzzSeeds::zip).toList() : arrays;
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  /**
   * The file of changed content. A checksum, a compression or a syntax would refuse most changes,
   * so that half of the files get a right one: of safetensors by their own header, of archives
   * around a changed array, of JSON by changes of its values.
   */
  static byte[] wrapped(Reader reader, List<byte[]> good, byte[] changed, Random random) {
    if (!random.nextBoolean()) {
      return changed;
    }
    return switch (reader) {
      case SAFETENSORS, MODEL, CHECKPOINT, SAMPLER -> withChecksum(changed);
      case GZIP -> gzip(Mutation.of(List.of(idx(8, 2, 2, 3), idx(14, 1, 1)), random));
      case NPZ -> zip(Mutation.of(List.of(npy("<f4", "(2, 3)"), npy("<f8", "(3,)")), random));
      case JSON, SCHEMA, REFERENCE, CALIBRATION -> JsonMutation.of(good, random);
      default -> changed;
    };
  }

  private static byte[] withChecksum(byte[] file) {
    if (file.length < 8) {
      return file;
    }
    // The length of the header is that of its JSON, so that a longer text moves the data.
    int end = file.length;
    int depth = 0;
    boolean quoted = false;
    for (int i = 8; i < file.length; i++) {
      byte c = file[i];
      if (c == '"' && file[i - 1] != '\\') {
        quoted = !quoted;
      } else if (!quoted && c == '{') {
        depth++;
      } else if (!quoted && c == '}' && --depth == 0) {
        end = i + 1;
        break;
      }
    }
    byte[] json = Arrays.copyOfRange(file, 8, end);
    int data = end;
    while (data < file.length && file[data] == ' ') {
      data++;
    }
    byte[] rest = Arrays.copyOfRange(file, data, file.length);
    byte[] header = json;
    try {
      SafeTensorsHeader parsed = SafeTensorsHeader.parse(Path.of("seed"), json, rest.length);
      CRC32C sum = parsed.checksum();
      sum.update(rest);
      String checksum = String.format("crc32c:%08x", sum.getValue());
      header = parsed.withChecksum(checksum).toJson().getBytes(StandardCharsets.UTF_8);
    } catch (CheckpointException e) {
      header = json;
    }
    return ByteBuffer.allocate(8 + header.length + rest.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .put(rest)
        .array();
  }
}
