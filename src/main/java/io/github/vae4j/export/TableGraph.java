// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import io.github.vae4j.schema.Column;
import io.github.vae4j.schema.Kind;
import io.github.vae4j.schema.MissingTexts;
import io.github.vae4j.schema.Part;
import io.github.vae4j.schema.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table as inputs of a graph, one for each: numbers and counts as DOUBLE, times as
 * DOUBLE seconds since 1970, levels as texts; and the features that the model has for them.
 */
final class TableGraph {
  /** Larger counts are this one, as for a row of a file. */
  private static final double LARGEST_COUNT = 1e6;

  private static final double HOUR = 3600;
  private static final double DAY = 24 * HOUR;

  /** The weekday of 1 January 1970, a Thursday, counted from Monday. */
  private static final int FIRST_WEEKDAY = 3;

  /** Texts for a missing value of at most so many letters are known in every case. */
  private static final int LETTERS = 8;

  private final Graph graph;
  private final Schema schema;
  private final Map<Integer, String> names;
  private final Map<Integer, Value> columns = new HashMap<>();

  /**
   * Inputs of a graph.
   *
   * @param graph that gets them
   * @param schema of the table
   * @param names of the inputs, by the numbers of the columns
   */
  TableGraph(Graph graph, Schema schema, Map<Integer, String> names) {
    this.graph = graph;
    this.schema = schema;
    this.names = names;
  }

  /**
   * Names for the inputs of columns that a graph needs: their own, unless the graph has the name.
   *
   * @param taken names of the graph
   */
  static Map<Integer, String> names(Schema schema, List<Part> parts, Set<String> taken) {
    Map<Integer, String> names = new HashMap<>();
    Set<String> used = new LinkedHashSet<>(taken);
    for (Part part : parts) {
      names.computeIfAbsent(
          part.column(),
          column -> {
            String name = schema.columns().get(column).name();
            while (!used.add(name)) {
              name += "'";
            }
            return name;
          });
    }
    return names;
  }

  private Value column(Part part, ElementType type) {
    return columns.computeIfAbsent(
        part.column(),
        number -> graph.input(String.valueOf(names.get(number)), type, List.of(Graph.BATCH)));
  }

  /** Features and the sum of the log slopes of their scalings. */
  RowGraph rows(List<Part> parts) {
    List<Value> all = new ArrayList<>();
    Value slopes = null;
    for (Part part : parts) {
      if (part.use() == Part.Use.NUMBER) {
        ScalingGraph scaled = scaled(part);
        slopes = slopes == null ? scaled.logSlope() : slopes.plus(scaled.logSlope());
        all.add(scaled.model().as(ElementType.FLOAT).withAxes(1));
      } else {
        all.add(features(part));
      }
    }
    return RowGraph.ofMissing(joined(all), slopes);
  }

  /** Features of a condition, FLOAT (B, C); NaN where a value is missing. */
  Value condition(List<Part> parts) {
    List<Value> all = new ArrayList<>();
    for (Part part : parts) {
      all.add(
          part.use() == Part.Use.NUMBER
              ? scaled(part).model().as(ElementType.FLOAT).withAxes(1)
              : features(part));
    }
    return joined(all);
  }

  private ScalingGraph scaled(Part part) {
    return ScalingGraph.of(part.scaling(), column(part, ElementType.DOUBLE));
  }

  private static Value joined(List<Value> parts) {
    Value[] further = parts.subList(1, parts.size()).toArray(Value[]::new);
    return further.length == 0 ? parts.get(0) : parts.get(0).with(1, further);
  }

  /** FLOAT (B, width); NaN where the value is missing. */
  private Value features(Part part) {
    return switch (part.use()) {
      case NUMBER -> throw new IllegalStateException("scaled apart: " + part);
      case COUNT ->
          column(part, ElementType.DOUBLE).atMost(LARGEST_COUNT).as(ElementType.FLOAT).withAxes(1);
      case LEVELS -> oneHot(level(part), part.width(), null);
      case HOUR -> {
        Value seconds = column(part, ElementType.DOUBLE);
        Value day = quotient(seconds, DAY);
        Value hour = quotient(seconds.minus(day.times(DAY)), HOUR);
        yield oneHot(hour.as(ElementType.INT64), part.width(), seconds.isNan());
      }
      case WEEKDAY -> {
        Value seconds = column(part, ElementType.DOUBLE);
        Value day = quotient(seconds, DAY).plus(FIRST_WEEKDAY);
        Value week = quotient(day, part.width()).times(part.width());
        yield oneHot(day.minus(week).as(ElementType.INT64), part.width(), seconds.isNan());
      }
    };
  }

  /** Rounded down; exact where the quotient is whole. */
  private static Value quotient(Value x, double divisor) {
    return x.over(x.number(divisor)).floor();
  }

  /**
   * A 1 among zeros.
   *
   * @param number of the 1, INT64 (B); -1 for a missing value
   * @param missing BOOL (B); null if the number says that
   */
  private Value oneHot(Value number, int width, @Nullable Value missing) {
    long[] places = new long[width];
    for (int i = 0; i < width; i++) {
      places[i] = i;
    }
    Value one = number.withAxes(1).is(graph.constant(places, width)).as(ElementType.FLOAT);
    Value gone = missing == null ? number.is(-1) : missing;
    return gone.withAxes(1).choose(one.number(Double.NaN), one);
  }

  /** The number of a text's level, INT64 (B); -1 for a text that stands for a missing value. */
  private Value level(Part part) {
    Column column = schema.columns().get(part.column());
    Kind kind = meaning(column.kind());
    Map<String, Long> numbers = new LinkedHashMap<>();
    long levels = kind.levels().size();
    kind.levels().forEach(level -> numbers.put(level, (long) numbers.size()));
    kind.rare().forEach(level -> numbers.put(level, levels));
    missingTexts().forEach(text -> numbers.put(text, -1L));
    return graph.tableNode(
        "LabelEncoder",
        ElementType.INT64,
        List.of(column(part, ElementType.STRING)),
        new Attributes()
            .texts("keys_strings", List.copyOf(numbers.keySet()))
            .wholes("values_int64s", numbers.values().stream().mapToLong(Long::longValue).toArray())
            .whole("default_int64", part.width() - 1L));
  }

  private static Kind meaning(Kind kind) {
    return kind.role() == Kind.Role.CONDITION ? ((Kind.Condition) kind).of() : kind;
  }

  private Set<String> missingTexts() {
    Set<String> texts = new LinkedHashSet<>(List.of(""));
    List<String> known = new ArrayList<>(MissingTexts.STANDARD);
    known.addAll(schema.reading().missing().more());
    for (String text : known) {
      texts.addAll(inEveryCase(text));
    }
    return texts;
  }

  private static List<String> inEveryCase(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    String upper = text.toUpperCase(Locale.ROOT);
    long letters = lower.chars().filter(Character::isLetter).count();
    if (letters > LETTERS || lower.length() != upper.length()) {
      return List.of(text, lower, upper);
    }
    List<String> all = new ArrayList<>(List.of(""));
    for (int i = 0; i < lower.length(); i++) {
      List<String> longer = new ArrayList<>();
      for (String begin : all) {
        longer.add(begin + lower.charAt(i));
        if (lower.charAt(i) != upper.charAt(i)) {
          longer.add(begin + upper.charAt(i));
        }
      }
      all = longer;
    }
    return all;
  }
}
