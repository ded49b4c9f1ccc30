// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws white texts of one line on a picture, in a font of Java. */
final class Lettering {
  /** The height of a line of text, in pixels. */
  static final int HEIGHT = 17;

  private static final int SIZE = 12;
  private static final int BASELINE = 13;
  private static final String SHORTENED = "\u2026";

  private final Font font;

  /** As a Graphics2D draws: with antialiasing, every character a whole number of pixels wide. */
  private final FontRenderContext context = new FontRenderContext(null, true, false);

  private Lettering(Font font) {
    this.font = font;
  }

  /** The lettering; null where Java has no fonts, for which it throws errors of several kinds. */
  static @Nullable Lettering open() {
    try {
      Lettering lettering = new Lettering(new Font(Font.SANS_SERIF, Font.PLAIN, SIZE));
      return lettering.width("a") > 0 ? lettering : null;
    } catch (RuntimeException | LinkageError | InternalError e) {
      return null;
    }
  }

  int width(String text) {
    return text.isEmpty() ? 0 : (int) Math.ceil(font.getStringBounds(text, context).getWidth());
  }

  int widest(List<String> texts) {
    return texts.stream().mapToInt(this::width).max().orElse(0);
  }

  /** Draws a text into a space of a width, in its middle; a longer text is shortened. */
  void drawCentred(WritableRaster raster, String text, int left, int top, int space) {
    String shown = shortened(text, space);
    draw(raster, shown, left + (space - width(shown)) / 2, top);
  }

  /** Draws a text from its left end; a longer text than the space is shortened. */
  void drawLeft(WritableRaster raster, String text, int left, int top, int space) {
    draw(raster, shortened(text, space), left, top);
  }

  private String shortened(String text, int space) {
    if (width(text) <= space) {
      return text;
    }
    int end = text.length();
    while (end > 0 && width(text.substring(0, end) + SHORTENED) > space) {
      end = text.offsetByCodePoints(end, -1);
    }
    return end == 0 ? "" : text.substring(0, end) + SHORTENED;
  }

  private void draw(WritableRaster raster, String text, int left, int top) {
    int width = Math.min(width(text), raster.getWidth() - left);
    if (width <= 0) {
      return;
    }
    BufferedImage line = new BufferedImage(width, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D graphics = line.createGraphics();
    try {
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      graphics.setFont(font);
      graphics.setColor(Color.WHITE);
      graphics.drawString(text, 0, BASELINE);
    } finally {
      graphics.dispose();
    }
    blend(line.getRaster(), raster, left, top);
  }

  private static void blend(Raster line, WritableRaster onto, int left, int top) {
    for (int y = 0; y < line.getHeight(); y++) {
      for (int x = 0; x < line.getWidth(); x++) {
        int share = line.getSample(x, y, 0);
        for (int band = 0; band < onto.getNumBands(); band++) {
          int under = onto.getSample(left + x, top + y, band);
          onto.setSample(left + x, top + y, band, under + (255 - under) * share / 255);
        }
      }
    }
  }
}
