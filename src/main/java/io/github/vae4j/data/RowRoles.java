// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Columns of a table that are not modelled but are the label, the covariates or the weight of their
 * row. A column is given by its name or its number from 0; a text that is both is a name.
 *
 * @param labels the column with the row's class: 0, 1, 2, ...; null for the labels of the data, if
 *     any
 * @param covariates columns, separated by commas; null for none
 * @param weights the column with the row's weight; null for none
 */
public record RowRoles(
    @Nullable String labels, @Nullable String covariates, @Nullable String weights) {
  /** No column has a role. */
  public static final RowRoles NONE = new RowRoles(null, null, null);

  /**
   * Applies the roles to a set; the other columns are modelled.
   *
   * @param set the data set; must stay open
   * @return a view; the set itself if no column has a role
   * @throws DataException if a column is missing, has two roles or has a value that is not valid
   *     for its role
   */
  public DataSet apply(DataSet set) {
    List<Integer> labelColumn = find(set, labels, "labels");
    List<Integer> given = find(set, covariates, "covariates");
    List<Integer> weightColumn = find(set, weights, "weights");
    List<Integer> taken = new ArrayList<>(labelColumn);
    taken.addAll(given);
    taken.addAll(weightColumn);
    if (taken.isEmpty()) {
      return set;
    }
    for (int i = 0; i < taken.size(); i++) {
      if (taken.subList(0, i).contains(taken.get(i))) {
        throw new DataException(
            set.name()
                + ": column "
                + columnName(set, taken.get(i))
                + " is named twice; a column is a label, a covariate or a weight");
      }
    }
    int[] rest =
        IntStream.range(0, set.features()).filter(column -> !taken.contains(column)).toArray();
    if (rest.length == 0) {
      throw new DataException(
          set.name() + ": every column is a label, a covariate or a weight: nothing is modelled");
    }
    List<String> remarks = new ArrayList<>();
    remarkNumbers(set, remarks);
    DataSet rows = DataViews.remarked(DataViews.columns(set, rest), remarks);
    if (!labelColumn.isEmpty()) {
      rows = DataViews.labelled(rows, labels(set, labelColumn.get(0)));
    }
    if (!weightColumn.isEmpty()) {
      rows = DataViews.weighted(rows, column(set, weightColumn.get(0)));
    }
    if (!given.isEmpty()) {
      int[] columns = given.stream().mapToInt(Integer::intValue).toArray();
      rows = DataViews.given(rows, DataViews.columns(set, columns));
    }
    return rows;
  }

  /**
   * The roles for rows of an evaluation, which need no weights, and need labels only if the model
   * is conditional on them. Of the optional roles, those remain whose columns the data have.
   *
   * @param set the data set
   * @param labelled whether labels are needed
   * @return the roles
   */
  public RowRoles among(DataSet set, boolean labelled) {
    List<String> names = set.columns();
    if (names == null) {
      return this;
    }
    return new RowRoles(
        labels != null && !labelled && !names.contains(labels) ? null : labels,
        covariates,
        weights != null && !names.contains(weights) ? null : weights);
  }

  private static List<Integer> find(DataSet set, @Nullable String names, String role) {
    List<Integer> found = new ArrayList<>();
    if (names != null) {
      for (String name : names.split(",", -1)) {
        found.add(find(set, name.strip(), role, set.columns()));
      }
    }
    return found;
  }

  private static int find(DataSet set, String name, String role, @Nullable List<String> columns) {
    int named = columns == null ? -1 : columns.indexOf(name);
    if (columns != null && named >= 0) {
      if (columns.lastIndexOf(name) != named) {
        throw new DataException(
            set.name()
                + ": has several columns \""
                + Excerpt.of(name)
                + "\", of which one is named for the "
                + role
                + "; give them different names, or give its number from 0");
      }
      return named;
    }
    Columns source = Columns.of(set);
    int number = name.matches("\\d{1,9}") ? Integer.parseInt(name) : -1;
    int found = source == null ? number : source.at(number);
    if (found < 0 || found >= set.features()) {
      throw new DataException(
          set.name()
              + ": has no column \""
              + Excerpt.of(name)
              + "\" for the "
              + role
              + "; "
              + (columns == null ? "" : "it has " + Excerpt.of(columns) + ", or ")
              + "numbers "
              + (source == null
                  ? "0 to " + (set.features() - 1)
                  : source.numbers().get(0)
                      + " to "
                      + source.numbers().get(source.numbers().size() - 1)));
    }
    return found;
  }

  /** The remark on texts that are the name of one column and the number of another. */
  private void remarkNumbers(DataSet set, List<String> remarks) {
    Columns source = Columns.of(set);
    List<String> columns = set.columns();
    if (columns == null || source == null) {
      return;
    }
    for (String text : given()) {
      int named = columns.indexOf(text);
      int numbered = text.matches("\\d{1,9}") ? source.at(Integer.parseInt(text)) : -1;
      if (named >= 0 && numbered >= 0 && named != numbered) {
        remarks.add(
            set.name()
                + ": "
                + text
                + " is taken as the name of a column, not as the number of column "
                + Excerpt.of(columns.get(numbered)));
      }
    }
  }

  private List<String> given() {
    List<String> texts = new ArrayList<>();
    for (String role : Arrays.asList(labels, covariates, weights)) {
      if (role != null) {
        Arrays.stream(role.split(",", -1)).map(String::strip).forEach(texts::add);
      }
    }
    return texts;
  }

  /** The name of a column, else its number. */
  static String columnName(DataSet set, int column) {
    List<String> names = set.columns();
    return names == null ? column + " (counted from 0)" : Excerpt.of(names.get(column));
  }

  private static float[] column(DataSet set, int column) {
    return DataSets.values(DataViews.columns(set, column), 0, set.rows(), 1).values();
  }

  private static int[] labels(DataSet set, int column) {
    float[] values = column(set, column);
    int[] labels = new int[values.length];
    for (int row = 0; row < labels.length; row++) {
      labels[row] = (int) values[row];
      if (labels[row] != values[row] || labels[row] < 0) {
        throw new DataException(
            set.name()
                + ": "
                + set.place(row, column)
                + " is "
                + values[row]
                + "; labels are 0, 1, 2, ...");
      }
    }
    return labels;
  }
}
