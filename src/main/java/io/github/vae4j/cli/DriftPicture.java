// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.VaeException;
import io.github.vae4j.cli.run.Numbers;
import io.github.vae4j.cli.run.TextTable;
import io.github.vae4j.picture.PictureGrid;
import io.github.vae4j.table.DriftReport.ColumnDrift;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.style.Styler.ChartTheme;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The population stability index of columns as bars. The drawing needs fonts. */
final class DriftPicture {
  private static final int MOST_COLUMNS = 30;
  private static final int HEIGHT = 480;
  private static final int MARGIN = 260;
  private static final int BAR = 32;

  /** Customary: below, nothing has changed; above the second one much has. */
  private static final List<Double> THRESHOLDS = List.of(0.1, 0.25);

  /** Bars end here, so that the thresholds can be seen; the labels have the numbers. */
  private static final double LONGEST_BAR = 1;

  private DriftPicture() {}

  /** Draws the columns with the largest index into a PNG file. */
  static void write(List<ColumnDrift> columns, Path file) {
    BufferedImage picture;
    try {
      picture = draw(columns);
    } catch (RuntimeException | LinkageError | InternalError e) {
      // Java's drawing throws these for missing fonts and libraries.
      throw new VaeException(
          file
              + ": cannot be drawn by this Java, which needs the module java.desktop and the packages"
              + " fontconfig and fonts-dejavu-core or the like",
          e);
    }
    PictureGrid.write(picture, file);
  }

  static BufferedImage draw(List<ColumnDrift> columns) {
    List<ColumnDrift> shown =
        columns.stream()
            .filter(column -> !Double.isNaN(column.stability()))
            .sorted(Comparator.comparingDouble(ColumnDrift::stability).reversed())
            .limit(MOST_COLUMNS)
            .toList();
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(MARGIN + BAR * MOST_COLUMNS)
            .height(HEIGHT)
            .theme(ChartTheme.Matlab)
            .title(shown.isEmpty() ? "no column has values" : "Difference from the training data")
            .xAxisTitle("column")
            .yAxisTitle("population stability index, up to 1")
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setXAxisLabelRotation(60);
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setOverlapped(true);
    if (!shown.isEmpty()) {
      List<String> names = names(shown);
      chart.addSeries("PSI", names, bars(shown));
      for (double threshold : THRESHOLDS) {
        chart
            .addSeries(
                Double.toString(threshold), names, Collections.nCopies(names.size(), threshold))
            .setChartCategorySeriesRenderStyle(CategorySeriesRenderStyle.Line)
            .setMarker(names.size() == 1 ? SeriesMarkers.DIAMOND : SeriesMarkers.NONE);
      }
    }
    return BitmapEncoder.getBufferedImage(chart);
  }

  private static List<Double> bars(List<ColumnDrift> columns) {
    return columns.stream().map(column -> Math.min(LONGEST_BAR, column.stability())).toList();
  }

  /** Short, with the index, and all different, as the axis has one place for each name. */
  private static List<String> names(List<ColumnDrift> columns) {
    List<String> names = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (ColumnDrift column : columns) {
      String name =
          TextTable.shortened(column.column()) + " " + Numbers.fixed(column.stability(), 2);
      while (!seen.add(name)) {
        name += "'";
      }
      names.add(name);
    }
    return names;
  }
}
