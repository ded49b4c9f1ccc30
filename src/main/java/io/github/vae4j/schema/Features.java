// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import io.github.vae4j.likelihood.Composite;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.likelihood.Multinomial;
import io.github.vae4j.likelihood.NegativeBinomial;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The numbers that a model has for a row of a table: D features of the modelled columns, and C of
 * the columns of the condition. Numbers come first, then counts, then a group of features for each
 * column of levels, so that a likelihood has adjacent features.
 */
public final class Features {
  private final Schema schema;
  private final List<Part> modelled;
  private final List<Part> given;

  /**
   * The features of a schema.
   *
   * @param schema the columns
   */
  public Features(Schema schema) {
    this.schema = schema;
    List<Part> parts = new ArrayList<>();
    List<Part> conditions = new ArrayList<>();
    for (int i = 0; i < schema.columns().size(); i++) {
      Column column = schema.columns().get(i);
      parts.addAll(Part.of(i, column.name(), column.kind()));
      if (column.kind().role() == Kind.Role.CONDITION) {
        Kind.Condition condition = (Kind.Condition) column.kind();
        conditions.addAll(Part.of(i, column.name(), condition.of()));
      }
    }
    modelled = Part.placed(parts);
    given = Part.placed(conditions);
  }

  /**
   * The columns.
   *
   * @return the schema
   */
  public Schema schema() {
    return schema;
  }

  /**
   * The features of the modelled columns.
   *
   * @return in their order
   */
  public List<Part> modelled() {
    return modelled;
  }

  /**
   * The features of the condition.
   *
   * @return in their order; empty for a model without a condition on columns
   */
  public List<Part> given() {
    return given;
  }

  /**
   * The number of modelled features.
   *
   * @return D
   */
  public int width() {
    return width(modelled);
  }

  /**
   * The number of features of the condition.
   *
   * @return C; 0 for a model without a condition on columns
   */
  public int givenWidth() {
    return width(given);
  }

  static int width(List<Part> parts) {
    return parts.isEmpty() ? 0 : end(parts.get(parts.size() - 1));
  }

  private static int end(Part part) {
    return part.first() + part.width();
  }

  /** A name for each feature, all different. */
  static List<String> names(List<Part> parts) {
    List<String> names = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Part part : parts) {
      for (String name : part.names()) {
        String own = name;
        while (!seen.add(own)) {
          own += "'";
        }
        names.add(own);
      }
    }
    return names;
  }

  /**
   * The observation model of the features: numbers by the model that is given, counts by a negative
   * binomial, levels by a multinomial of one draw.
   *
   * @param numbers the model of real numbers
   * @return the observation model of a row
   */
  public Likelihood likelihood(Likelihood numbers) {
    List<Composite.Part> parts = new ArrayList<>();
    for (Part part : modelled) {
      int last = end(part) - 1;
      Likelihood own =
          switch (part.use()) {
            case NUMBER -> numbers;
            case COUNT -> new NegativeBinomial();
            case LEVELS, HOUR, WEEKDAY -> new Multinomial(1);
          };
      Composite.Part before = parts.isEmpty() ? null : parts.get(parts.size() - 1);
      if (before != null && before.likelihood().equals(own) && !part.use().isOneHot()) {
        parts.set(parts.size() - 1, new Composite.Part(before.first(), last, own));
      } else {
        parts.add(new Composite.Part(part.first(), last, own));
      }
    }
    return new Composite(parts);
  }
}
