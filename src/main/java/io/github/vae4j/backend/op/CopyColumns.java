package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Buffer;

/**
 * Copies columns of one matrix into columns of another, each source row to {@code repeat} rows:
 * {@code target[r, targetFirst + j] = source[r / repeat, sourceFirst + j]} for r below rows and j
 * below columns. The target's other columns stay as they are. Two of these join matrices side by
 * side; one cuts columns out.
 *
 * @param source FLOAT32 (rows / repeat, sourceColumns)
 * @param target FLOAT32 (rows, targetColumns); must not overlap the source
 * @param rows R, a multiple of repeat
 * @param repeat rows that a source row goes to: L where a row has L samples
 * @param columns how many are copied
 * @param sourceColumns the length of a source row
 * @param sourceFirst the first column read
 * @param targetColumns the length of a target row
 * @param targetFirst the first column written
 */
public record CopyColumns(
    Buffer source,
    Buffer target,
    int rows,
    int repeat,
    int columns,
    int sourceColumns,
    int sourceFirst,
    int targetColumns,
    int targetFirst)
    implements Op {}
