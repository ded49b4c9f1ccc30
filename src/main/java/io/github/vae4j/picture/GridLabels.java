// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.picture;

import java.util.List;

/**
 * The texts of a grid of images. Each setter returns a changed copy.
 *
 * @param title above the grid; empty for none
 * @param columns above the columns, from the left; empty for none
 * @param lines to the left of the lines of images, from the top; empty for none
 * @param cells below the images, in their order; empty for none
 */
public record GridLabels(
    String title, List<String> columns, List<String> lines, List<String> cells) {
  /** No texts. */
  public static final GridLabels NONE = new GridLabels("", List.of(), List.of(), List.of());

  /** Copies the lists. {@inheritDoc} */
  public GridLabels {
    columns = List.copyOf(columns);
    lines = List.copyOf(lines);
    cells = List.copyOf(cells);
  }

  /**
   * A title.
   *
   * @param title above the grid
   * @return labels with this title alone
   */
  public static GridLabels titled(String title) {
    return new GridLabels(title, List.of(), List.of(), List.of());
  }

  /**
   * Sets the labels of columns.
   *
   * @param labels above the columns, from the left
   * @return the labels with them
   */
  public GridLabels columns(List<String> labels) {
    return new GridLabels(title, labels, lines, cells);
  }

  /**
   * Sets the labels of lines.
   *
   * @param labels to the left of the lines of images, from the top
   * @return the labels with them
   */
  public GridLabels lines(List<String> labels) {
    return new GridLabels(title, columns, labels, cells);
  }

  /**
   * Sets the labels of images.
   *
   * @param labels below the images, in their order
   * @return the labels with them
   */
  public GridLabels cells(List<String> labels) {
    return new GridLabels(title, columns, lines, labels);
  }
}
