// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import io.github.vae4j.data.BadRows;
import io.github.vae4j.data.DataException;
import io.github.vae4j.data.Excerpt;
import io.github.vae4j.data.Table;
import io.github.vae4j.data.TableRows;
import io.github.vae4j.random.Draws;
import io.github.vae4j.random.Stream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/** Infers the schema of a table by one pass over its rows, in bounded memory. */
public final class SchemaInference {
  private static final int MOST_COUNTED = 10_000;
  private static final int LEAST_COUNTED = 200;
  private static final int MOST_SAMPLED = 50_000;
  private static final int LEAST_SAMPLED = 200;
  private static final int ALL_COUNTED = 1 << 20;
  private static final int ALL_SAMPLED = 1 << 22;
  private static final int PROGRESS_ROWS = 1 << 14;

  private SchemaInference() {}

  /**
   * Infers a schema.
   *
   * @param table the rows
   * @param request the user's choices
   * @param badRows the policy for rows that cannot be read
   * @param progress receives the share of the table that has been read, from time to time
   * @return the schema
   * @throws DataException if a column that the request names is not there or has not the kind that
   *     is asked for, or if no column can be modelled
   */
  public static Schema infer(
      Table table, SchemaRequest request, BadRows badRows, DoubleConsumer progress) {
    List<String> names = table.columns();
    Set<String> known = new HashSet<>(names);
    for (String name : request.kinds().keySet()) {
      if (!known.contains(name)) {
        throw new DataException(
            table.name() + ": has no column \"" + name + "\"; it has " + Excerpt.of(names));
      }
    }
    List<ColumnProfile> profiles = profiles(table, request.reading(), badRows, progress);
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      columns.add(column(table, names.get(i), profiles.get(i), request.kinds()));
    }
    Schema schema = new Schema(columns, request.reading());
    requireModelled(table, schema);
    return schema;
  }

  /**
   * Completes a schema's file by what its columns lack.
   *
   * @param table the rows
   * @param draft the content of the file
   * @param badRows the policy for rows that cannot be read
   * @param progress receives the share of the table that has been read, from time to time
   * @return the schema
   * @throws DataException if the file and the table have different columns, or a column has not the
   *     kind that is asked for
   */
  public static Schema complete(
      Table table, SchemaDraft draft, BadRows badRows, DoubleConsumer progress) {
    requireFit(table, draft);
    Schema schema;
    if (draft.isComplete()) {
      schema = draft.schema();
    } else {
      List<ColumnProfile> profiles = profiles(table, draft.reading(), badRows, progress);
      Map<String, ColumnProfile> profileOf = new HashMap<>();
      for (int i = 0; i < profiles.size(); i++) {
        profileOf.put(table.columns().get(i), profiles.get(i));
      }
      Map<String, Column> complete = draft.byName();
      List<Column> columns = new ArrayList<>();
      for (String name : draft.order()) {
        Column own = complete.get(name);
        ColumnProfile profile = Objects.requireNonNull(profileOf.get(name));
        columns.add(own == null ? column(table, name, profile, draft.asked()) : own);
      }
      schema = new Schema(columns, draft.reading());
    }
    requireModelled(table, schema);
    return schema;
  }

  private static void requireFit(Table table, SchemaDraft draft) {
    List<String> gone = new ArrayList<>(draft.order());
    gone.removeAll(new HashSet<>(table.columns()));
    List<String> further = new ArrayList<>(table.columns());
    further.removeAll(new HashSet<>(draft.order()));
    if (!gone.isEmpty() || !further.isEmpty()) {
      List<String> differences = new ArrayList<>();
      if (!gone.isEmpty()) {
        differences.add("the schema has " + Excerpt.of(gone) + ", which the table has not");
      }
      if (!further.isEmpty()) {
        differences.add(
            "the table has "
                + Excerpt.of(further)
                + ", which the schema has not (leave a column out by the kind \"out\")");
      }
      throw new DataException(
          table.name() + ": does not fit the schema: " + String.join("; ", differences));
    }
  }

  private static List<ColumnProfile> profiles(
      Table table, Reading reading, BadRows badRows, DoubleConsumer progress) {
    int columns = table.columns().size();
    int counted = Math.max(LEAST_COUNTED, Math.min(MOST_COUNTED, ALL_COUNTED / columns));
    int sampled = Math.max(LEAST_SAMPLED, Math.min(MOST_SAMPLED, ALL_SAMPLED / columns));
    List<ColumnProfile> profiles = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      Draws draws = new Draws(0, Stream.SCHEMA, i);
      profiles.add(new ColumnProfile(reading.numerals(), counted, sampled, draws));
    }
    MissingTexts.Test missing = reading.missing().test();
    long count = 0;
    try (TableRows rows = table.rows(badRows)) {
      while (rows.next()) {
        for (int i = 0; i < columns; i++) {
          String text = rows.get(i);
          if (text == null || missing.isMissing(text)) {
            profiles.get(i).addMissing();
          } else {
            profiles.get(i).add(text, rows, i);
          }
        }
        if (++count % PROGRESS_ROWS == 0) {
          progress.accept(rows.done());
        }
      }
    }
    if (count == 0) {
      throw new DataException(table.name() + ": is empty: it has no rows");
    }
    return profiles;
  }

  private static Column column(
      Table table, String name, ColumnProfile profile, Map<String, String> asked) {
    @Nullable String text = asked.get(name);
    try {
      Kind kind =
          text == null
              ? KindChoice.infer(name, profile)
              : KindChoice.asked(KindText.parse(text), profile, name);
      String remark =
          text == null ? KindRemark.ofInferred(name, kind, profile) : KindRemark.of(kind, profile);
      return new Column(name, kind, profile.missingShare(), remark);
    } catch (IllegalArgumentException e) {
      throw new DataException(table.name() + ": column \"" + name + "\": " + e.getMessage(), e);
    }
  }

  private static void requireModelled(Table table, Schema schema) {
    if (schema.modelled().isEmpty()) {
      List<String> reasons = new ArrayList<>();
      for (Column column : schema.columns()) {
        String why = KindRemark.reason(column.kind());
        reasons.add(String.format(Locale.ROOT, "%s (%s)", column.name(), why));
      }
      throw new DataException(
          table.name()
              + ": no column can be modelled: "
              + Excerpt.of(reasons)
              + "; give a column's kind, as in SchemaRequest.kinds NAME=categorical");
    }
  }
}
