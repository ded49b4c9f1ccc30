// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.data.ImageShape;
import io.github.vae4j.tensor.Matrix;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.DoubleSummaryStatistics;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Rows as the images of a picture: images as they are, series as plots with a line for each
 * channel. All plots have one scale, from the least to the greatest finite value.
 *
 * @param shape of an image
 * @param rows images
 */
public record Pictured(ImageShape shape, Matrix rows) {
  private static final ImageShape PLOT = new ImageShape(/* width= */ 160, /* height= */ 80, 3);
  private static final float MOST = 255;

  /**
   * Whether rows can be drawn.
   *
   * @param row the shape of a row
   * @return whether rows are series, or images in grey or colour
   */
  public static boolean isPossible(ImageShape row) {
    return row.isSeries() || row.hasColours();
  }

  /**
   * The shape of a drawn row.
   *
   * @param row the shape of a row
   * @return the shape of its image, or of its plot
   */
  public static ImageShape shape(ImageShape row) {
    return row.isSeries() ? PLOT : row;
  }

  /**
   * Draws series; images are not changed.
   *
   * @param row the shape of a row
   * @param rows (n, D)
   * @return n images with values in [0, 1] if they are plots
   */
  public static Pictured of(ImageShape row, Matrix rows) {
    if (!row.isSeries()) {
      return new Pictured(row, rows);
    }
    DoubleSummaryStatistics finite =
        IntStream.range(0, rows.values().length)
            .mapToDouble(i -> rows.values()[i])
            .filter(Double::isFinite)
            .summaryStatistics();
    double least = finite.getCount() == 0 ? 0 : finite.getMin();
    double greatest = finite.getCount() == 0 ? 1 : finite.getMax();
    double margin = greatest > least ? (greatest - least) / 20 : 1;
    Matrix images = Matrix.zeros(rows.rows(), PLOT.features());
    for (int i = 0; i < rows.rows(); i++) {
      XYChart chart = chart(row, rows, i);
      chart.getStyler().setYAxisMin(least - margin).setYAxisMax(greatest + margin);
      copy(BitmapEncoder.getBufferedImage(chart), images, i);
    }
    return new Pictured(PLOT, images);
  }

  private static XYChart chart(ImageShape row, Matrix rows, int number) {
    XYChart chart = new XYChartBuilder().width(PLOT.width()).height(PLOT.height()).build();
    XYStyler style = chart.getStyler();
    style.setLegendVisible(false).setChartTitleVisible(false).setChartPadding(0);
    style.setPlotContentSize(1).setPlotBorderVisible(false);
    style.setPlotGridLinesVisible(false);
    style.setAxisTicksVisible(false).setPlotMargin(0).setChartBackgroundColor(Color.WHITE);
    double[] places = IntStream.range(0, row.width()).mapToDouble(i -> i).toArray();
    for (int channel = 0; channel < row.channels(); channel++) {
      int first = number * rows.columns() + channel;
      double[] values =
          IntStream.range(0, row.width())
              .mapToDouble(place -> rows.values()[first + place * row.channels()])
              .map(value -> Double.isFinite(value) ? value : Double.NaN)
              .toArray();
      chart
          .addSeries("channel " + channel, places, values)
          .setMarker(row.width() == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE)
          .setLineWidth(1);
    }
    return chart;
  }

  private static void copy(BufferedImage plot, Matrix images, int number) {
    int at = number * images.columns();
    for (int y = 0; y < PLOT.height(); y++) {
      for (int x = 0; x < PLOT.width(); x++) {
        Color colour = new Color(plot.getRGB(x, y));
        images.values()[at++] = colour.getRed() / MOST;
        images.values()[at++] = colour.getGreen() / MOST;
        images.values()[at++] = colour.getBlue() / MOST;
      }
    }
  }
}
