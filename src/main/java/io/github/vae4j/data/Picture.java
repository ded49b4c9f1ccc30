// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * An image file, decoded to bytes.
 *
 * @param shape its size, with 1 channel if the file is grey, else 3
 * @param pixels row-major, channels last
 */
@SuppressWarnings("ArrayRecordComponent")
record Picture(ImageShape shape, byte[] pixels) {
  /** The first image of a folder, whose shape the others must have. */
  record First(Path file, ImageShape shape) {
    /** The error of an image of another size or kind. */
    DataException another(Path other, int width, int height, int channels) {
      return new DataException(
          file
              + " is "
              + text(shape.width(), shape.height(), shape.channels())
              + ", but "
              + other
              + " is "
              + text(width, height, channels)
              + "; all images must have one size and kind");
    }

    private static String text(int width, int height, int channels) {
      return width + " x " + height + (channels == 1 ? " grey" : " colour");
    }
  }

  /** The decoded samples, a copy as ints, and the result. */
  private static final int BYTES_PER_PIXEL = 12;

  /**
   * Decodes a file. 16-bit values are rounded to 8 bits; an alpha channel is left out if every
   * pixel is opaque; the orientation that a JPEG names is applied.
   *
   * @param expected an image whose size it must have, compared before the pixels are decoded; null
   *     for any size
   * @throws DataException if it cannot be read as an image, or has transparent pixels
   */
  static Picture read(Path file, @Nullable First expected) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw DataException.reading(file.toString(), e);
    } catch (OutOfMemoryError e) {
      throw new DataException(file + ": is too large for the Java heap", e);
    }
    Orientation orientation = Orientation.of(bytes);
    BufferedImage image = decode(file, bytes, orientation, expected);
    if (image.getColorModel().hasAlpha()) {
      requireOpaque(file, image);
    }
    boolean grey = isGrey(image.getColorModel());
    ImageShape shape = new ImageShape(image.getWidth(), image.getHeight(), grey ? 1 : 3);
    return orientation.apply(new Picture(shape, grey ? grey(image) : colour(image)));
  }

  private static BufferedImage decode(
      Path file, byte[] bytes, Orientation orientation, @Nullable First expected) {
    List<String> warnings = new ArrayList<>();
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new DataException(file + ": is not a PNG or JPEG image");
      }
      ImageReader reader = readers.next();
      try {
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        reader.setInput(in, true, true);
        requireSize(file, reader, orientation, expected);
        BufferedImage image = reader.read(0);
        requireComplete(file, warnings);
        return image;
      } finally {
        reader.dispose();
      }
    } catch (DataException e) {
      throw e;
    } catch (OutOfMemoryError e) {
      throw new DataException(
          file + ": cannot be decoded in the Java heap; give java a larger -Xmx", e);
    } catch (IOException | RuntimeException e) {
      // The decoders of the JDK throw unchecked exceptions for some damaged files.
      throw new DataException(
          file + ": cannot be decoded: " + Excerpt.of(String.valueOf(e.getMessage())), e);
    }
  }

  /** The size in a header is compared before memory for the pixels is taken. */
  private static void requireSize(
      Path file, ImageReader reader, Orientation orientation, @Nullable First expected)
      throws IOException {
    int width = reader.getWidth(0);
    int height = reader.getHeight(0);
    int upright = orientation.swaps() ? height : width;
    int high = orientation.swaps() ? width : height;
    if (expected != null
        && (expected.shape.width() != upright || expected.shape.height() != high)) {
      Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
      boolean grey = types.hasNext() && isGrey(types.next().getColorModel());
      throw expected.another(file, upright, high, grey ? 1 : 3);
    }
    double bytes = (double) width * height * BYTES_PER_PIXEL;
    if (bytes > Runtime.getRuntime().maxMemory()) {
      throw new DataException(
          file
              + ": is "
              + width
              + " x "
              + height
              + ": decoding it takes "
              + (long) (bytes / (1 << 20))
              + " MiB, more than the Java heap of "
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB; scale it down, or give java a larger -Xmx");
    }
  }

  /** For a truncated JPEG the decoder only warns and fills the rest with grey. */
  private static void requireComplete(Path file, List<String> warnings) {
    for (String warning : warnings) {
      if (warning.toLowerCase(Locale.ROOT).contains("premature end")) {
        throw new DataException(file + ": is truncated: " + warning);
      }
    }
  }

  private static void requireOpaque(Path file, BufferedImage image) {
    for (int argb : argb(image)) {
      if (argb >>> 24 != 255) {
        throw new DataException(
            file + ": has transparent pixels; flatten it onto a background first");
      }
    }
  }

  private static boolean isGrey(ColorModel model) {
    if (model instanceof IndexColorModel palette) {
      for (int i = 0; i < palette.getMapSize(); i++) {
        int red = palette.getRed(i);
        if (red != palette.getGreen(i) || red != palette.getBlue(i)) {
          return false;
        }
      }
      return true;
    }
    return model.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
  }

  /** Read from the raster, because getRGB would convert from Java's linear grey to sRGB. */
  private static byte[] grey(BufferedImage image) {
    Raster raster = image.getRaster();
    int width = image.getWidth();
    int height = image.getHeight();
    int[] samples = raster.getSamples(0, 0, width, height, 0, (int[]) null);
    byte[] pixels = new byte[samples.length];
    IndexColorModel palette = image.getColorModel() instanceof IndexColorModel p ? p : null;
    int most = (1 << image.getColorModel().getComponentSize(0)) - 1;
    for (int i = 0; i < samples.length; i++) {
      int value =
          palette == null ? (samples[i] * 255 + most / 2) / most : palette.getRed(samples[i]);
      pixels[i] = (byte) value;
    }
    return pixels;
  }

  private static byte[] colour(BufferedImage image) {
    int[] argb = argb(image);
    byte[] pixels = new byte[argb.length * 3];
    for (int i = 0; i < argb.length; i++) {
      pixels[3 * i] = (byte) (argb[i] >> 16);
      pixels[3 * i + 1] = (byte) (argb[i] >> 8);
      pixels[3 * i + 2] = (byte) argb[i];
    }
    return pixels;
  }

  private static int[] argb(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    return image.getRGB(0, 0, width, height, null, 0, width);
  }
}
