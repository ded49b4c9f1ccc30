package io.github.vae4j.model;

import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.op.CopyColumns;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The input of an encoder or decoder: values, and beside them what the model is conditional on, (x
 * | c) or (z | c). Without a condition it is the values themselves and no op is added.
 */
public final class Joined {
  private final Ops ops;
  private final Arena arena;
  private final Buffer input;
  private final int rows;
  private final int columns;
  private final int conditions;
  private final List<PreparedOp> forward = new ArrayList<>();

  /**
   * Plans the joining.
   *
   * @param ops plans the ops
   * @param arena owns what is allocated
   * @param values FLOAT32 (rows, columns)
   * @param columns of the values
   * @param condition FLOAT32 (rows / repeat, conditions); null for none
   * @param conditions C; 0 for none
   * @param rows of the values
   * @param repeat rows of the values to a row of the condition: samples
   */
  public Joined(
      Ops ops,
      Arena arena,
      Buffer values,
      int columns,
      @Nullable Buffer condition,
      int conditions,
      int rows,
      int repeat) {
    this.ops = ops;
    this.arena = arena;
    this.rows = rows;
    this.columns = columns;
    this.conditions = condition == null ? 0 : conditions;
    if (condition == null) {
      input = values;
      return;
    }
    int width = columns + conditions;
    input = ops.floats(arena, rows, width);
    forward.add(
        arena.own(
            ops.copyColumns(
                new CopyColumns(values, input, rows, 1, columns, columns, 0, width, 0))));
    forward.add(
        arena.own(
            ops.copyColumns(
                new CopyColumns(
                    condition, input, rows, repeat, conditions, conditions, 0, width, columns))));
  }

  /**
   * What a {@link DenseStack} takes.
   *
   * @return FLOAT32 (rows, columns + conditions)
   */
  public Buffer input() {
    return input;
  }

  /**
   * The ops that fill the input.
   *
   * @return none where there is no condition
   */
  public List<PreparedOp> forward() {
    return List.copyOf(forward);
  }

  /**
   * Where the input's gradient goes.
   *
   * @param dValues FLOAT32 like the values
   * @return FLOAT32 like the input; dValues itself where there is no condition
   */
  public Buffer gradient(Buffer dValues) {
    return conditions == 0 ? dValues : ops.floats(arena, rows, columns + conditions);
  }

  /**
   * The ops that cut the values' gradient out of the input's.
   *
   * @param dInput as {@link #gradient} gave it
   * @param dValues FLOAT32 like the values
   * @return none where there is no condition
   */
  public List<PreparedOp> backward(Buffer dInput, Buffer dValues) {
    if (conditions == 0) {
      return List.of();
    }
    int width = columns + conditions;
    return List.of(
        arena.own(
            ops.copyColumns(
                new CopyColumns(dInput, dValues, rows, 1, columns, width, 0, columns, 0))));
  }
}
