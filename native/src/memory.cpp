// SPDX-License-Identifier: Apache-2.0
// Copy, the copy of columns, and add.
#include <algorithm>
#include <cstring>

#include "ops.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

constexpr int64_t kChunkBytes = 1 << 16;

// Both tensors have any shape.
void require_same_length(const char* op, const vae4j_tensor& source, const vae4j_tensor& target) {
  if (target.type != source.type || elements(target) != elements(source)) {
    throw wrong(op, "target", "the type and the number of elements of " + text(source),
                text(target));
  }
}

class Copy final : public OpOf<vae4j_copy_op> {
 public:
  using OpOf::OpOf;

  void run() override {
    const char* source = static_cast<const char*>(op.source.data);
    char* target = static_cast<char*>(op.target.data);
    int64_t bytes = bytes_of(op.source);
    for_ranges(context.threads, bytes, kChunkBytes, bytes / 4, [&](int64_t begin, int64_t end) {
      std::memcpy(target + begin, source + begin, static_cast<size_t>(end - begin));
    });
  }
};

class CopyColumns final : public OpOf<vae4j_copy_columns_op> {
 public:
  using OpOf::OpOf;

  void run() override {
    const float* source = floats(op.source) + op.source_first;
    float* target = floats(op.target) + op.target_first;
    int64_t rows = sizes['R'];
    int64_t repeat = rows / sizes['P'];
    int64_t row_bytes = op.columns * static_cast<int64_t>(sizeof(float));
    int64_t chunk_rows = std::max<int64_t>(1, kChunkBytes / row_bytes);
    for_ranges(context.threads, rows, chunk_rows, work_of({rows, op.columns}),
               [&](int64_t begin, int64_t end) {
                 for (int64_t row = begin; row < end; row++) {
                   std::memcpy(target + row * sizes['T'], source + row / repeat * sizes['S'],
                               static_cast<size_t>(row_bytes));
                 }
               });
  }
};

void require_columns(const std::string& side, const vae4j_copy_columns_op& op, int64_t first,
                     int64_t width) {
  std::string columns = std::to_string(op.columns);
  if (op.columns > width) {
    throw wrong("copyColumns", "columns", "at most the " + std::to_string(width) + " of " + side,
                columns);
  }
  if (first > width - op.columns) {
    throw wrong("copyColumns", (side + "_first").c_str(),
                "at most " + std::to_string(width - op.columns) + ", for " + columns +
                    " columns of " + std::to_string(width),
                std::to_string(first));
  }
}

class Add final : public OpOf<vae4j_add_op> {
 public:
  using OpOf::OpOf;

  void run() override {
    constexpr int64_t kChunk = kChunkBytes / static_cast<int64_t>(sizeof(float));
    int64_t count = elements(op.source);
    for_ranges(context.threads, count, kChunk, count, [&](int64_t begin, int64_t end) {
      context.kernels.add(floats(op.source) + begin, floats(op.target) + begin, end - begin);
    });
  }
};

}  // namespace

Planned plan_copy(Context& context, const vae4j_copy_op& op, const Sizes& sizes) {
  require_same_length("copy", op.source, op.target);
  return std::make_unique<Copy>(context, op, sizes);
}

Planned plan_copy_columns(Context& context, const vae4j_copy_columns_op& op, const Sizes& sizes) {
  if (sizes['R'] % sizes['P'] != 0) {
    throw wrong("copyColumns", "target",
                "a multiple of the " + std::to_string(sizes['P']) + " source rows",
                text(op.target));
  }
  require_columns("source", op, op.source_first, sizes['S']);
  require_columns("target", op, op.target_first, sizes['T']);
  return std::make_unique<CopyColumns>(context, op, sizes);
}

Planned plan_add(Context& context, const vae4j_add_op& op, const Sizes& sizes) {
  require_same_length("add", op.source, op.target);
  return std::make_unique<Add>(context, op, sizes);
}

}  // namespace vae4j
