// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Labels, weights, covariates and places of rows.
 *
 * @param labels a class for each row; null for none
 * @param classes a name for each label; null if they have none
 * @param weights a weight for each row; null if all are equal
 * @param covariates the same number of rows; null for none
 * @param logJacobians of the maps from the source's values to the rows'; null if all are 0
 * @param places of the rows in their source; null if they are its rows, counted from 0
 */
@SuppressWarnings("ArrayRecordComponent")
record RowNotes(
    int @Nullable [] labels,
    @Nullable List<String> classes,
    float @Nullable [] weights,
    @Nullable DataSet covariates,
    double @Nullable [] logJacobians,
    @Nullable RowPlaces places) {
  static final RowNotes NONE = new RowNotes(null, null, null, null, null, null);

  static RowNotes labels(int @Nullable [] labels) {
    return labels == null ? NONE : new RowNotes(labels, null, null, null, null, null);
  }

  /** The notes of all rows of a set. */
  static RowNotes of(DataSet set) {
    return set instanceof RowDataSet own
        ? own.notes()
        : of(set, IntStream.range(0, set.rows()).toArray());
  }

  /** The notes of some rows of a set. */
  static RowNotes of(DataSet set, int[] index) {
    int[] labels = new int[index.length];
    float[] weights = new float[index.length];
    double[] jacobians = new double[index.length];
    boolean mapped = false;
    boolean any = false;
    boolean weighs = index.length == 0;
    for (int i = 0; i < index.length; i++) {
      labels[i] = set.label(index[i]);
      weights[i] = set.weight(index[i]);
      jacobians[i] = set.logJacobian(index[i]);
      any |= labels[i] != -1;
      mapped |= jacobians[i] != 0;
      weighs |= weights[i] > 0;
    }
    if (!weighs) {
      throw new DataException(
          set.name() + ": all " + index.length + " rows that are used have weight 0; use others");
    }
    DataSet covariates = set.covariates();
    return new RowNotes(
        any ? labels : null,
        set.classes(),
        set.weighted() ? weights : null,
        covariates == null ? null : RowView.of(covariates, index),
        mapped ? jacobians : null,
        new RowPlaces.Some(set, index));
  }

  RowNotes withLabels(int[] own, @Nullable List<String> names) {
    return new RowNotes(own, names, weights, covariates, logJacobians, places);
  }

  RowNotes withClasses(@Nullable List<String> names) {
    return new RowNotes(labels, names, weights, covariates, logJacobians, places);
  }

  RowNotes withWeights(float[] own) {
    return new RowNotes(labels, classes, own, covariates, logJacobians, places);
  }

  RowNotes withCovariates(DataSet own) {
    return new RowNotes(labels, classes, weights, own, logJacobians, places);
  }

  RowNotes withLogJacobians(double[] own) {
    return new RowNotes(labels, classes, weights, covariates, own, places);
  }

  RowNotes withPlaces(RowPlaces own) {
    return new RowNotes(labels, classes, weights, covariates, logJacobians, own);
  }

  /** Checks that there are notes for the given number of rows. */
  void check(String name, int rows) {
    if (labels != null && labels.length != rows) {
      throw disagree(name, rows, labels.length, "labels");
    }
    if (weights != null && weights.length != rows) {
      throw disagree(name, rows, weights.length, "weights");
    }
    if (covariates != null && covariates.rows() != rows) {
      throw disagree(name, rows, covariates.rows(), "rows of covariates");
    }
  }

  private static DataException disagree(String name, int rows, int given, String notes) {
    return new DataException(
        name + ": has " + rows + " rows but " + given + " " + notes + "; they must agree");
  }
}
