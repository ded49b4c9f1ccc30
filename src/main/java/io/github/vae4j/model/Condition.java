// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.tensor.Matrix;
import java.util.function.Function;

/**
 * The condition c of a conditional model (Sohn et al. 2015). The encoder's input is (x | c) and the
 * decoder's (z | c), so that the model learns q(z|x, c) and p(x|z, c). The prior does not depend on
 * c.
 */
public sealed interface Condition {
  /**
   * The length of c.
   *
   * @return C, at least 1
   */
  int columns();

  /**
   * Applies the function for this kind of condition.
   *
   * @param labels for {@link Labels}
   * @param covariates for {@link Covariates}
   * @param <R> the type of the result
   * @return the result of the function
   */
  <R> R match(Function<Labels, R> labels, Function<Covariates, R> covariates);

  /**
   * The class of a row, one-hot.
   *
   * @param classes C; labels are 0 to C - 1
   */
  record Labels(int classes) implements Condition {
    /** Checks the number of classes. {@inheritDoc} */
    public Labels {
      if (classes < 1) {
        throw new IllegalArgumentException("condition: expected 1 class or more, given " + classes);
      }
    }

    @Override
    public int columns() {
      return classes;
    }

    @Override
    public <R> R match(Function<Labels, R> labels, Function<Covariates, R> covariates) {
      return labels.apply(this);
    }

    /**
     * Encodes labels as conditions.
     *
     * @param labels one or more
     * @return (labels, classes)
     */
    public Matrix rows(int... labels) {
      Matrix rows = Matrix.zeros(labels.length, classes);
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] < 0 || labels[i] >= classes) {
          throw new IllegalArgumentException(
              "label: expected 0 to "
                  + (classes - 1)
                  + ", as the model has "
                  + classes
                  + " classes, given "
                  + labels[i]);
        }
        rows.values()[i * classes + labels[i]] = 1;
      }
      return rows;
    }
  }

  /**
   * Known numbers of a row, without scaling.
   *
   * @param columns C
   */
  record Covariates(int columns) implements Condition {
    /** Checks the number of covariates. {@inheritDoc} */
    public Covariates {
      if (columns < 1) {
        throw new IllegalArgumentException(
            "condition: expected 1 covariate or more, given " + columns);
      }
    }

    @Override
    public <R> R match(Function<Labels, R> labels, Function<Covariates, R> covariates) {
      return covariates.apply(this);
    }
  }
}
