// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import io.github.vae4j.model.Shape;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.Part;
import io.github.vae4j.schema.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The inputs of a graph for the rows and the condition of a model, in the form that users have. */
interface InputGraph {
  /** The graph that has them. */
  Graph graph();

  /** The rows, whose inputs are added to the graph. */
  RowGraph rows();

  /**
   * The condition, FLOAT (B, C), whose inputs are added to the graph; null for none. A row whose
   * condition the model refuses has a NaN.
   */
  @Nullable Value condition();

  /** Whether a feature is one of several that are a 1 among zeros. */
  boolean oneHot(int feature);

  /**
   * The inputs of a new graph.
   *
   * @param name of the graph
   * @param spec the model
   * @param image the shape of a row, if a layer takes images
   * @param bytes whether rows are bytes
   * @param reserved the names of other inputs and of outputs
   */
  static InputGraph of(
      String name, VaeSpec spec, @Nullable Shape image, boolean bytes, List<String> reserved) {
    Schema schema = spec.schema();
    Set<String> names = new HashSet<>(reserved);
    names.addAll(List.of("x", "c"));
    return schema == null
        ? new Numbers(new Graph(name, names), spec, image, bytes)
        : Table.of(name, spec, schema, names);
  }

  /**
   * Rows of numbers.
   *
   * @param graph that has the inputs
   * @param spec the model
   * @param image the shape of a row, if a layer takes images
   * @param bytes whether rows are bytes
   */
  record Numbers(Graph graph, VaeSpec spec, @Nullable Shape image, boolean bytes)
      implements InputGraph {
    private static final double BYTE = 1.0 / 255;

    @Override
    public RowGraph rows() {
      List<Object> dims =
          image == null
              ? List.of(Graph.BATCH, spec.features())
              : List.of(Graph.BATCH, image.channels(), image.height(), image.width());
      Value given = graph.input("x", bytes ? ElementType.UINT8 : ElementType.FLOAT, dims);
      Value scaled = bytes ? given.as(ElementType.FLOAT).times((float) BYTE) : given;
      Value x = image == null ? scaled : Signal.image(scaled, image).ordered(1);
      return spec.maskInput() ? RowGraph.ofMissing(x, null) : new RowGraph(x, null, null);
    }

    @Override
    public @Nullable Value condition() {
      if (spec.condition() == null) {
        return null;
      }
      return spec.condition().match(labels -> oneHotLabels(), covariates -> covariates());
    }

    private Value covariates() {
      return graph.input("c", ElementType.FLOAT, List.of(Graph.BATCH, spec.conditions()));
    }

    private Value oneHotLabels() {
      long[] classes = new long[spec.conditions()];
      for (int i = 0; i < classes.length; i++) {
        classes[i] = i;
      }
      Value one =
          graph
              .input("c", ElementType.INT64, List.of(Graph.BATCH))
              .withAxes(1)
              .is(graph.constant(classes, classes.length))
              .as(ElementType.FLOAT);
      Value isClass = one.sum(1).withAxes(1).is(1);
      return isClass.choose(one, one.number(Double.NaN));
    }

    @Override
    public boolean oneHot(int feature) {
      return false;
    }
  }

  /**
   * Rows of a table, with an input for each column.
   *
   * @param graph that has the inputs
   * @param spec the model
   * @param columns of the table
   * @param features of the table
   * @param others the inputs of the graph that are no columns
   */
  record Table(Graph graph, VaeSpec spec, TableGraph columns, Features features, Numbers others)
      implements InputGraph {
    static Table of(String name, VaeSpec spec, Schema schema, Set<String> taken) {
      Features features = new Features(schema);
      List<Part> parts = new ArrayList<>(features.modelled());
      parts.addAll(features.given());
      Map<Integer, String> names = TableGraph.names(schema, parts, taken);
      Set<String> all = new HashSet<>(taken);
      all.addAll(names.values());
      Graph graph = new Graph(name, all);
      return new Table(
          graph,
          spec,
          new TableGraph(graph, schema, names),
          features,
          new Numbers(graph, spec, null, false));
    }

    @Override
    public RowGraph rows() {
      return columns.rows(features.modelled());
    }

    /** Of columns; of labels where the model has their classes. */
    @Override
    public @Nullable Value condition() {
      return features.given().isEmpty() ? others.condition() : columns.condition(features.given());
    }

    @Override
    public boolean oneHot(int feature) {
      return features.modelled().stream()
          .anyMatch(part -> part.first() == feature && part.use().isOneHot());
    }
  }
}
