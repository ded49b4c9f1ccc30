// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.data.PictureHeader.Samples;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Decodes PNG and JPEG files. Only the decoders' samples are used, not their colour conversions,
 * which differ between versions of Java: profiles of colour are not applied. Several threads may
 * read.
 */
final class PictureReader {
  /** A half of the Java heap, for all pictures that are being decoded or scaled. */
  private static final int MEBIBYTES =
      (int) Math.max(1, Math.min(1 << 20, Runtime.getRuntime().maxMemory() >> 21));

  private final int channels;
  private final int background;
  private final Semaphore room = new Semaphore(MEBIBYTES);
  private final AtomicInteger transparent = new AtomicInteger();
  private final AtomicInteger inks = new AtomicInteger();

  /**
   * A reader.
   *
   * @param channels of the pictures, 1 or 3
   * @param background red, green and blue behind transparent pixels
   */
  PictureReader(int channels, int background) {
    this.channels = channels;
    this.background = background;
  }

  /** The number of files with transparent pixels so far. */
  int transparent() {
    return transparent.get();
  }

  /** The number of files of inks (CMYK) so far. */
  int inks() {
    return inks.get();
  }

  /** Decodes a file; the picture is upright. */
  Picture read(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw DataException.reading(file.toString(), e);
    } catch (OutOfMemoryError e) {
      throw new DataException(file + ": is too large for the Java heap", e);
    }
    PictureHeader header = PictureHeader.of(file, bytes);
    if (header.samples() == Samples.PNG) {
      PngChunks.check(file, bytes);
    }
    List<String> warnings = new ArrayList<>();
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      ImageReader reader =
          ImageIO.getImageReadersByFormatName(header.samples() == Samples.PNG ? "png" : "jpeg")
              .next();
      try {
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        reader.setInput(in, true, true);
        Picture stored = decodeInTurn(reader, header);
        requireComplete(file, warnings);
        return header.orientation().apply(stored);
      } finally {
        reader.dispose();
      }
    } catch (OutOfMemoryError e) {
      throw new DataException(
          file + ": cannot be decoded in the Java heap; give java a larger -Xmx", e);
    } catch (DataException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The decoders of the JDK throw unchecked exceptions for some damaged files.
      throw new DataException(
          file
              + ": cannot be decoded: "
              + Excerpt.of(String.valueOf(e.getMessage()))
              + PictureHeader.AGAIN,
          e);
    }
  }

  private Picture decodeInTurn(ImageReader reader, PictureHeader header) throws IOException {
    int taken = take(header.decodingBytes());
    try {
      return decode(reader, header);
    } finally {
      room.release(taken);
    }
  }

  /** Large pictures wait until those that are being decoded and scaled leave room. */
  private int take(long bytes) {
    int taken = (int) Math.min(MEBIBYTES, (bytes >> 20) + 1);
    room.acquireUninterruptibly(taken);
    return taken;
  }

  /** Decodes a file; the picture is upright and has the given size. */
  Picture read(Path file, int width, int height, PictureOptions.Fit fit) {
    Picture picture = read(file);
    int taken = take(PictureScaler.bytes(picture, width, height));
    try {
      return PictureScaler.fit(picture, width, height, fit);
    } catch (OutOfMemoryError | ArithmeticException e) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: its %d x %d pixels cannot be scaled to %d x %d in the Java heap; scale it down,"
                  + " or give java a larger -Xmx",
              file,
              picture.shape().width(),
              picture.shape().height(),
              width,
              height),
          e);
    } finally {
      room.release(taken);
    }
  }

  private Picture decode(ImageReader reader, PictureHeader header) throws IOException {
    if (header.samples() != Samples.PNG) {
      Raster raster = reader.readRaster(0, null);
      boolean ink = header.samples() == Samples.CMYK || header.samples() == Samples.YCCK;
      inks.addAndGet(ink ? 1 : 0);
      return picture(raster, ofJpeg(header.samples()));
    }
    BufferedImage image = reader.read(0);
    Raster raster = image.getRaster();
    IndexColorModel palette = image.getColorModel() instanceof IndexColorModel p ? p : null;
    return picture(raster, ofPng(raster, palette));
  }

  /** For a truncated JPEG the decoder only warns and fills the rest with grey. */
  private static void requireComplete(Path file, List<String> warnings) {
    for (String warning : warnings) {
      if (warning.toLowerCase(Locale.ROOT).contains("premature end")) {
        throw new DataException(file + ": is truncated: " + warning + PictureHeader.AGAIN);
      }
    }
  }

  /** The colour of a pixel by its samples: alpha, red, green and blue, 8 bits each. */
  private interface Colour {
    int argb(int[] samples, int at);
  }

  private static Colour ofJpeg(Samples samples) {
    return switch (samples) {
      case GREY -> (s, at) -> rgb(s[at], s[at], s[at]);
      case RGB -> (s, at) -> rgb(s[at], s[at + 1], s[at + 2]);
      case YCC -> (s, at) -> ofYcc(s, at);
      // The samples are paper without ink, as in all files that Photoshop has written.
      case CMYK -> (s, at) -> inked(rgb(s[at], s[at + 1], s[at + 2]), s[at + 3]);
      case YCCK -> (s, at) -> inked(~ofYcc(s, at), s[at + 3]);
      case PNG -> throw new IllegalStateException("not a JPEG");
    };
  }

  private static Colour ofPng(Raster raster, @Nullable IndexColorModel palette) {
    if (palette != null) {
      return (s, at) -> palette.getRGB(s[at]);
    }
    int most = (1 << raster.getSampleModel().getSampleSize(0)) - 1;
    return switch (raster.getNumBands()) {
      case 1 -> (s, at) -> grey(byteOf(s[at], most));
      case 2 -> (s, at) -> withAlpha(grey(byteOf(s[at], most)), byteOf(s[at + 1], most));
      case 3 ->
          (s, at) -> rgb(byteOf(s[at], most), byteOf(s[at + 1], most), byteOf(s[at + 2], most));
      default ->
          (s, at) ->
              withAlpha(
                  rgb(byteOf(s[at], most), byteOf(s[at + 1], most), byteOf(s[at + 2], most)),
                  byteOf(s[at + 3], most));
    };
  }

  private Picture picture(Raster raster, Colour colour) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    ImageShape shape = new ImageShape(width, height, channels);
    byte[] pixels = new byte[shape.features()];
    int bands = raster.getNumBands();
    int[] line = new int[width * bands];
    int at = 0;
    boolean opaque = true;
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, line);
      for (int x = 0; x < width; x++) {
        int argb = colour.argb(line, x * bands);
        if (argb >>> 24 != 255) {
          opaque = false;
          argb = over(argb, background);
        }
        if (channels == 1) {
          pixels[at++] = (byte) luma(argb);
        } else {
          pixels[at++] = (byte) (argb >> 16);
          pixels[at++] = (byte) (argb >> 8);
          pixels[at++] = (byte) argb;
        }
      }
    }
    transparent.addAndGet(opaque ? 0 : 1);
    return new Picture(shape, pixels);
  }

  private static int byteOf(int sample, int most) {
    return (sample * 255 + most / 2) / most;
  }

  private static int grey(int value) {
    return rgb(value, value, value);
  }

  private static int rgb(int red, int green, int blue) {
    return 0xFF000000 | red << 16 | green << 8 | blue;
  }

  private static int withAlpha(int rgb, int alpha) {
    return alpha << 24 | (rgb & 0xFFFFFF);
  }

  private static int over(int argb, int behind) {
    int alpha = argb >>> 24;
    int mixed = 0xFF;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int front = (argb >> shift & 0xFF) * alpha;
      int back = (behind >> shift & 0xFF) * (255 - alpha);
      mixed = mixed << 8 | byteOf(front + back, 255 * 255);
    }
    return mixed;
  }

  /** ITU-R BT.601 in 16 bits of a fraction, as Pillow's convert("L"). */
  private static int luma(int rgb) {
    int red = rgb >> 16 & 0xFF;
    int green = rgb >> 8 & 0xFF;
    return (red * 19595 + green * 38470 + (rgb & 0xFF) * 7471 + 0x8000) >> 16;
  }

  /** JFIF 1.02, in 16 bits of a fraction, as libjpeg. */
  private static int ofYcc(int[] s, int at) {
    int y = s[at];
    int blue = s[at + 1] - 128;
    int red = s[at + 2] - 128;
    return rgb(
        clipped(y + ((91881 * red + 0x8000) >> 16)),
        clipped(y + ((-22554 * blue - 46802 * red + 0x8000) >> 16)),
        clipped(y + ((116130 * blue + 0x8000) >> 16)));
  }

  private static int clipped(int value) {
    return Math.max(0, Math.min(255, value));
  }

  /** The colours of three inks under a share of light that black ink leaves. */
  private static int inked(int rgb, int light) {
    return rgb(
        byteOf((rgb >> 16 & 0xFF) * light, 255 * 255),
        byteOf((rgb >> 8 & 0xFF) * light, 255 * 255),
        byteOf((rgb & 0xFF) * light, 255 * 255));
  }
}
