// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.tensor.Matrix;
import java.util.function.Function;

/**
 * What a conditional model is told of each row (Sohn et al. 2015): c, which stands beside x in the
 * encoder's input and beside z in the decoder's, so that it learns q(z|x, c) and p(x|z, c). The
 * prior is the same for every c.
 */
public sealed interface Condition {
  /**
   * The numbers that say it.
   *
   * @return C, at least 1
   */
  int columns();

  /**
   * Asks the function of the kind that this is: there is one for each.
   *
   * @param labels for {@link Labels}
   * @param covariates for {@link Covariates}
   * @param <R> the type of the answer
   * @return its answer
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
     * Labels as the model takes them.
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
   * Numbers that are known of a row, as they are.
   *
   * @param columns C
   */
  record Covariates(int columns) implements Condition {
    /** Checks their number. {@inheritDoc} */
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
