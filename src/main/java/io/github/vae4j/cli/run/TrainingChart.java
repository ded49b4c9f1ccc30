// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.picture.PictureGrid;
import io.github.vae4j.train.EpochMetrics;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.ChartTheme;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The curves of a run: ELBO, reconstruction and KL over epochs. The drawing needs fonts. */
final class TrainingChart {
  private static final int WIDTH = 520;
  private static final int HEIGHT = 400;
  private static final int MOST_MARKERS = 30;

  private TrainingChart() {}

  /** Draws the curves of the epochs, at least one, into a PNG file. */
  static void write(List<EpochMetrics> epochs, Path file) {
    PictureGrid.write(draw(epochs), file);
  }

  static BufferedImage draw(List<EpochMetrics> epochs) {
    List<XYChart> charts =
        List.of(
            chart(epochs, "ELBO", EpochMetrics::trainElbo, EpochMetrics::testElbo),
            chart(
                epochs,
                "Reconstruction",
                EpochMetrics::trainReconstruction,
                EpochMetrics::testReconstruction),
            chart(epochs, "KL", EpochMetrics::trainKl, EpochMetrics::testKl));
    BufferedImage picture =
        new BufferedImage(WIDTH * charts.size(), HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    for (int i = 0; i < charts.size(); i++) {
      graphics.drawImage(BitmapEncoder.getBufferedImage(charts.get(i)), i * WIDTH, 0, null);
    }
    graphics.dispose();
    return picture;
  }

  private static XYChart chart(
      List<EpochMetrics> epochs,
      String title,
      ToDoubleFunction<EpochMetrics> train,
      ToDoubleFunction<EpochMetrics> test) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .theme(ChartTheme.Matlab)
            .title(title)
            .xAxisTitle("epoch")
            .yAxisTitle("nats per row")
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.InsideSE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setXAxisDecimalPattern("#");
    addSeries(chart, "train", epochs, train);
    addSeries(chart, "test", epochs, test);
    return chart;
  }

  private static void addSeries(
      XYChart chart, String name, List<EpochMetrics> all, ToDoubleFunction<EpochMetrics> value) {
    List<EpochMetrics> epochs =
        all.stream().filter(epoch -> Double.isFinite(value.applyAsDouble(epoch))).toList();
    if (epochs.isEmpty()) {
      return;
    }
    double[] x = epochs.stream().mapToDouble(EpochMetrics::epoch).toArray();
    double[] y = epochs.stream().mapToDouble(value).toArray();
    Marker marker = x.length > MOST_MARKERS ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE;
    chart.addSeries(name, x, y).setMarker(marker);
  }
}
