// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of the columns and classes of the data that a model was trained on. Columns and classes
 * of other data are compared with them by name.
 *
 * @param columns of the modelled columns; null if they have none
 * @param covariates of the covariates; null if they have none
 * @param classes of the labels 0, 1, 2, ...; null if they have none
 */
public record DataNames(
    @Nullable List<String> columns,
    @Nullable List<String> covariates,
    @Nullable List<String> classes) {
  /** No names. */
  public static final DataNames NONE = new DataNames(null, null, null);

  /** Copies the lists. {@inheritDoc} */
  public DataNames {
    columns = columns == null ? null : List.copyOf(columns);
    covariates = covariates == null ? null : List.copyOf(covariates);
    classes = classes == null ? null : List.copyOf(classes);
  }

  /**
   * The names of a set.
   *
   * @param set the data set
   * @return its names
   */
  public static DataNames of(DataSet set) {
    DataSet covariates = set.covariates();
    return new DataNames(
        set.columns(), covariates == null ? null : covariates.columns(), set.classes());
  }

  /**
   * A set in the order of these names: its columns and covariates are found by their names, further
   * columns are left out with a remark, and its labels become the numbers of these classes. What
   * has no names, here or in the set, keeps its order.
   *
   * @param set the data set; must stay open
   * @return a view; the set itself if it has this order
   * @throws DataException if a column is missing or its name not unique
   */
  public DataSet match(DataSet set) {
    DataSet matched = columns == null ? set : inOrder(set, columns, "column");
    DataSet given = matched.covariates();
    if (given != null && covariates != null) {
      DataSet ordered = inOrder(given, covariates, "covariate");
      matched = ordered == given ? matched : DataViews.given(matched, ordered);
    }
    List<String> own = matched.classes();
    return classes == null || own == null || own.equals(classes)
        ? matched
        : relabelled(matched, classes, own);
  }

  private static DataSet inOrder(DataSet set, List<String> wanted, String kind) {
    List<String> names = set.columns();
    if (names == null || names.equals(wanted)) {
      return set;
    }
    Set<String> asked = new HashSet<>(wanted);
    requireUnique(set.name(), asked, wanted, "the training data");
    requireUnique(set.name(), asked, names, "it");
    List<String> missing = new ArrayList<>(wanted);
    missing.removeAll(new HashSet<>(names));
    if (!missing.isEmpty()) {
      throw new DataException(
          set.name()
              + ": has no "
              + kind
              + " "
              + Excerpt.quoted(missing)
              + ", which the model was trained with; it has "
              + Excerpt.of(names));
    }
    Map<String, Integer> places = new HashMap<>();
    for (int column = 0; column < names.size(); column++) {
      places.put(names.get(column), column);
    }
    int[] order = wanted.stream().mapToInt(places::get).toArray();
    List<String> further = new ArrayList<>(names);
    further.removeAll(asked);
    DataSet view = DataViews.columns(set, order);
    return further.isEmpty()
        ? view
        : DataViews.remarked(
            view,
            List.of(
                set.name()
                    + ": leaves out "
                    + (further.size() == 1 ? kind + " " : kind + "s ")
                    + Excerpt.of(further)
                    + ", which the model was not trained with"));
  }

  private static void requireUnique(
      String name, Set<String> asked, List<String> names, String owner) {
    Set<String> seen = new HashSet<>();
    for (String column : names) {
      if (!seen.add(column) && asked.contains(column)) {
        throw new DataException(
            name
                + ": cannot be matched with the columns of the model, as "
                + owner
                + " has several columns \""
                + Excerpt.of(column)
                + "\"; give them different names");
      }
    }
  }

  private static DataSet relabelled(DataSet set, List<String> wanted, List<String> own) {
    List<String> all = new ArrayList<>(wanted);
    List<String> unknown = new ArrayList<>();
    for (String name : own) {
      if (!wanted.contains(name)) {
        unknown.add(name);
        all.add(name);
      }
    }
    int[] labels = new int[set.rows()];
    for (int row = 0; row < labels.length; row++) {
      int label = set.label(row);
      labels[row] = label < 0 ? label : all.indexOf(own.get(label));
    }
    DataSet view =
        new RowDataSet(
            DataInfo.of(set).withNotes(RowNotes.of(set).withLabels(labels, List.copyOf(all))),
            new DataViews.Same(set));
    return unknown.isEmpty()
        ? view
        : DataViews.remarked(
            view,
            List.of(
                set.name()
                    + ": the model was not trained with the classes "
                    + Excerpt.of(unknown)
                    + "; it knows "
                    + Excerpt.of(wanted)));
  }

  /**
   * Refuses a set whose columns or covariates have names in another order.
   *
   * @param set the data set
   * @throws DataException if a name differs; it says so and names the first such column
   */
  public void check(DataSet set) {
    check(set, columns, "column");
    DataSet given = set.covariates();
    if (given != null) {
      check(given, covariates, "covariate");
    }
  }

  private static void check(DataSet set, @Nullable List<String> wanted, String kind) {
    List<String> names = set.columns();
    if (wanted == null || names == null || names.equals(wanted)) {
      return;
    }
    int at = 0;
    while (at < names.size() && at < wanted.size() && names.get(at).equals(wanted.get(at))) {
      at++;
    }
    throw new DataException(
        set.name()
            + ": "
            + kind
            + " "
            + (at + 1)
            + " is "
            + (at < names.size() ? "\"" + Excerpt.of(names.get(at)) + "\"" : "not there")
            + ", that of the model "
            + (at < wanted.size() ? "\"" + Excerpt.of(wanted.get(at)) + "\"" : "not there")
            + "; DataNames.match puts columns into the order of the model");
  }
}
