// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header of a PNG or a JPEG, read before memory for pixels is taken.
 *
 * @param samples the meaning of the stored samples
 * @param width of the stored picture
 * @param height of the stored picture
 * @param grey whether the file has no colour: a grey type, or a palette of greys
 * @param orientation of the stored picture
 */
record PictureHeader(
    Samples samples, int width, int height, boolean grey, Orientation orientation) {
  /** Enough for the header of most files. */
  private static final int FIRST_BYTES = 1 << 15;

  private static final int MORE_BYTES = 1 << 21;

  /** The decoded samples, a copy as ints, and the result. */
  private static final int BYTES_PER_PIXEL = 12;

  /** Of the decoders, whose samples, up to four a pixel, are in one array. */
  private static final int MOST_PIXELS = (1 << 29) - 1;

  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int PNG_HEADER = 33;
  private static final int PALETTE = 3;
  private static final int COLOUR_BIT = 2;

  /** The remedy for a damaged file. */
  static final String AGAIN = "; get the file again, or take it out of the folder";

  private static final String REMEDY = "; convert it to PNG, or take it out of the folder";

  /** The beginnings of other kinds of pictures, after the given number of bytes. */
  private static final Map<String, String> OTHERS =
      Map.of(
          "0GIF8", "a GIF",
          "0BM", "a BMP",
          "0II*\0", "a TIFF",
          "0MM\0*", "a TIFF",
          "8WEBP", "a WebP",
          "4ftypavif", "an AVIF",
          "4ftyphei", "a HEIC",
          "4ftypmif1", "a HEIC");

  /** The meaning of a file's samples. */
  enum Samples {
    /** Those of a PNG, as its colour model says. */
    PNG,
    /** One sample of a JPEG. */
    GREY,
    /** Red, green, blue of a JPEG. */
    RGB,
    /** Luma and two differences of colour of a JPEG. */
    YCC,
    /** Inks of a JPEG. */
    CMYK,
    /** Luma, two differences of colour, and black ink of a JPEG. */
    YCCK
  }

  /** Reads the header of a file. */
  static PictureHeader read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = new byte[0];
      for (int limit : new int[] {FIRST_BYTES, MORE_BYTES, Integer.MAX_VALUE - 64}) {
        byte[] more = in.readNBytes(limit - start.length);
        byte[] all = new byte[start.length + more.length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(more, 0, all, start.length, more.length);
        PictureHeader header = parse(file, all);
        if (header != null) {
          header.requireRoom(file, Files.size(file));
          return header;
        }
        if (all.length < limit) {
          throw truncated(file, all.length);
        }
        start = all;
      }
      throw truncated(file, start.length);
    } catch (IOException e) {
      throw DataException.reading(file.toString(), e);
    } catch (OutOfMemoryError e) {
      throw new DataException(file + ": its header does not fit into the Java heap", e);
    }
  }

  /** The header of a file whose bytes are all there. */
  static PictureHeader of(Path file, byte[] bytes) {
    PictureHeader header = parse(file, bytes);
    if (header == null) {
      throw truncated(file, bytes.length);
    }
    header.requireRoom(file, bytes.length);
    return header;
  }

  /** The size after the turn that makes the picture upright. */
  int uprightWidth() {
    return orientation.swaps() ? height : width;
  }

  /** The size after the turn that makes the picture upright. */
  int uprightHeight() {
    return orientation.swaps() ? width : height;
  }

  /** The memory that decoding takes. */
  long decodingBytes() {
    return (long) width * height * BYTES_PER_PIXEL;
  }

  /** Null if the bytes end within the header. */
  private static @Nullable PictureHeader parse(Path file, byte[] bytes) {
    if (bytes.length == 0) {
      throw new DataException(file + ": is empty (0 bytes)" + AGAIN);
    }
    if (JpegSegments.begins(bytes)) {
      return jpeg(file, bytes);
    }
    if (startsWith(bytes, 0, new String(PNG, StandardCharsets.ISO_8859_1))) {
      return png(file, bytes);
    }
    throw new DataException(file + ": is not a PNG or JPEG image" + other(bytes) + REMEDY);
  }

  private static String other(byte[] bytes) {
    return OTHERS.entrySet().stream()
        .filter(e -> startsWith(bytes, e.getKey().charAt(0) - '0', e.getKey().substring(1)))
        .map(e -> ", but " + e.getValue())
        .findFirst()
        .orElse("");
  }

  private static boolean startsWith(byte[] bytes, int from, String text) {
    return bytes.length >= from + text.length()
        && new String(bytes, from, text.length(), StandardCharsets.ISO_8859_1).equals(text);
  }

  private static @Nullable PictureHeader png(Path file, byte[] png) {
    ByteBuffer bytes = ByteBuffer.wrap(png);
    if (bytes.limit() < PNG_HEADER) {
      return null;
    }
    int width = bytes.getInt(16);
    int height = bytes.getInt(20);
    int type = bytes.get(25);
    requireSize(file, width, height);
    boolean grey = (type & COLOUR_BIT) == 0;
    Orientation orientation = Orientation.NONE;
    int at = PNG_HEADER;
    while (at + 8 <= bytes.limit()) {
      long length = Integer.toUnsignedLong(bytes.getInt(at));
      String chunk = new String(png, at + 4, 4, StandardCharsets.ISO_8859_1);
      if (chunk.equals("IDAT")) {
        return new PictureHeader(Samples.PNG, width, height, grey, orientation);
      }
      if (at + 12 + length > bytes.limit()) {
        return null;
      }
      ByteBuffer content = bytes.slice(at + 8, (int) length);
      if (chunk.equals("PLTE") && type == PALETTE) {
        grey = isGrey(content);
      } else if (chunk.equals("eXIf")) {
        orientation = Orientation.ofTiff(content);
      }
      at += 12 + (int) length;
    }
    return null;
  }

  private static boolean isGrey(ByteBuffer palette) {
    for (int i = 0; i + 3 <= palette.limit(); i += 3) {
      if (palette.get(i) != palette.get(i + 1) || palette.get(i) != palette.get(i + 2)) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable PictureHeader jpeg(Path file, byte[] bytes) {
    JpegSegments segments = new JpegSegments(bytes);
    boolean jfif = false;
    int transform = -1;
    while (segments.next()) {
      int marker = segments.marker();
      if (marker == JpegSegments.APP0 && segments.startsWith("JFIF")) {
        jfif = true;
      } else if (marker == JpegSegments.APP14 && segments.startsWith("Adobe")) {
        transform = segments.at(11);
      } else if (JpegSegments.isFrame(marker) && segments.complete()) {
        requireCoding(file, marker, segments.at(0));
        int height = segments.at(1) << 8 | segments.at(2);
        int width = segments.at(3) << 8 | segments.at(4);
        requireSize(file, width, height);
        Samples samples = samples(file, segments, jfif, transform);
        return new PictureHeader(
            samples, width, height, samples == Samples.GREY, Orientation.of(bytes));
      }
    }
    if (segments.complete()) {
      throw new DataException(file + ": is damaged: it has no size before its pixels" + AGAIN);
    }
    return null;
  }

  private static void requireCoding(Path file, int marker, int bits) {
    if (marker > JpegSegments.PROGRESSIVE || bits != 8) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: is a JPEG of another coding (SOF%d, %d bits a sample) than those that can be"
                  + " read, baseline and progressive with 8 bits%s",
              file,
              marker - JpegSegments.BASELINE,
              bits,
              REMEDY));
    }
  }

  /** As libjpeg: JFIF says luma and differences; else Adobe's segment; else the components' ids. */
  private static Samples samples(Path file, JpegSegments frame, boolean jfif, int transform) {
    int count = frame.at(5);
    return switch (count) {
      case 1 -> Samples.GREY;
      case 3 -> {
        boolean named = frame.at(6) == 'R' && frame.at(9) == 'G' && frame.at(12) == 'B';
        yield !jfif && (transform == 0 || (transform < 0 && named)) ? Samples.RGB : Samples.YCC;
      }
      case 4 -> transform == 2 ? Samples.YCCK : Samples.CMYK;
      default ->
          throw new DataException(
              file + ": is a JPEG of " + count + " samples a pixel, not 1, 3 or 4" + REMEDY);
    };
  }

  private static void requireSize(Path file, int width, int height) {
    if (width < 1 || height < 1) {
      throw new DataException(
          file
              + ": is damaged: its header announces a picture of "
              + Integer.toUnsignedLong(width)
              + " x "
              + Integer.toUnsignedLong(height)
              + AGAIN);
    }
  }

  /** Refuses a size that the file cannot have, or for which there is no memory. */
  private void requireRoom(Path file, long fileBytes) {
    double pixels = (double) width * height;
    String size = file + ": its header announces a picture of " + width + " x " + height;
    // Not less than one bit a pixel, deflated.
    if (samples == Samples.PNG && pixels / 8 > (double) GzipStream.MOST_RATIO * fileBytes) {
      throw new DataException(
          size + ", more than a file of " + fileBytes + " bytes can hold" + AGAIN);
    }
    if (pixels > MOST_PIXELS) {
      throw new DataException(
          size
              + ", and pictures of at most 2^29 pixels can be decoded; scale it down, or take it out of"
              + " the folder");
    }
    double bytes = pixels * BYTES_PER_PIXEL;
    long heap = Runtime.getRuntime().maxMemory();
    if (bytes > heap) {
      throw new DataException(
          size
              + ": decoding it takes "
              + (long) (bytes / (1 << 20))
              + " MiB, and the Java heap has "
              + (heap >> 20)
              + " MiB; scale it down, or give java a larger -Xmx");
    }
  }

  private static DataException truncated(Path file, long bytes) {
    return new DataException(
        file + ": is truncated: it ends after " + bytes + " bytes, within its header" + AGAIN);
  }
}
