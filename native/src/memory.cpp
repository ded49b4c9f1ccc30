// Fill, copy, the copy of columns, and add.
#include <algorithm>
#include <cstring>

#include "ops.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

constexpr int64_t kChunkBytes = 1 << 16;

class Fill final : public Op {
 public:
  Fill(Context& context, const FillPlan& plan) : Op(context), plan_(plan) {
    if (plan.type != VAE4J_FLOAT32 && plan.type != VAE4J_FLOAT64) {
      throw wrong("fill", "type", "FLOAT32 or FLOAT64", std::to_string(plan.type));
    }
  }

  void run() override {
    if (plan_.type == VAE4J_FLOAT32) {
      fill(static_cast<float*>(plan_.target), static_cast<float>(plan_.value));
    } else {
      fill(static_cast<double*>(plan_.target), plan_.value);
    }
  }

 private:
  template <class T>
  void fill(T* target, T value) const {
    constexpr int64_t kChunk = kChunkBytes / static_cast<int64_t>(sizeof(T));
    for_chunks(context.threads, chunks_of(plan_.count, kChunk), plan_.count, [&](int64_t chunk) {
      int64_t begin = chunk * kChunk;
      std::fill(target + begin, target + std::min(plan_.count, begin + kChunk), value);
    });
  }

  const FillPlan plan_;
};

class Copy final : public Op {
 public:
  Copy(Context& context, const CopyPlan& plan) : Op(context), plan_(plan) {}

  void run() override {
    int64_t bytes = static_cast<int64_t>(plan_.bytes);
    for_chunks(context.threads, chunks_of(bytes, kChunkBytes), bytes / 4, [&](int64_t chunk) {
      int64_t begin = chunk * kChunkBytes;
      std::memcpy(static_cast<char*>(plan_.target) + begin,
                  static_cast<const char*>(plan_.source) + begin,
                  static_cast<size_t>(std::min(bytes - begin, kChunkBytes)));
    });
  }

 private:
  const CopyPlan plan_;
};

class CopyColumns final : public Op {
 public:
  CopyColumns(Context& context, const CopyColumnsPlan& plan) : Op(context), plan_(plan) {}

  void run() override {
    int64_t row_bytes = plan_.columns * static_cast<int64_t>(sizeof(float));
    int64_t chunk_rows = std::max<int64_t>(1, kChunkBytes / row_bytes);
    int64_t work = static_cast<int64_t>(plan_.rows) * plan_.columns;
    for_chunks(context.threads, chunks_of(plan_.rows, chunk_rows), work, [&](int64_t chunk) {
      int64_t begin = chunk * chunk_rows;
      int64_t end = std::min<int64_t>(plan_.rows, begin + chunk_rows);
      for (int64_t row = begin; row < end; row++) {
        std::memcpy(plan_.target + row * plan_.target_columns + plan_.target_first,
                    plan_.source + row / plan_.repeat * plan_.source_columns + plan_.source_first,
                    static_cast<size_t>(row_bytes));
      }
    });
  }

 private:
  const CopyColumnsPlan plan_;
};

class Add final : public Op {
 public:
  Add(Context& context, const AddPlan& plan) : Op(context), plan_(plan) {}

  void run() override {
    constexpr int64_t kChunk = kChunkBytes / static_cast<int64_t>(sizeof(float));
    for_chunks(context.threads, chunks_of(plan_.count, kChunk), plan_.count, [&](int64_t chunk) {
      int64_t begin = chunk * kChunk;
      context.kernels.add(plan_.source + begin, plan_.target + begin,
                          std::min(plan_.count - begin, kChunk));
    });
  }

 private:
  const AddPlan plan_;
};

}  // namespace

Planned plan_fill(Context& context, const FillPlan& plan) {
  return std::make_unique<Fill>(context, plan);
}

Planned plan_copy(Context& context, const CopyPlan& plan) {
  return std::make_unique<Copy>(context, plan);
}

Planned plan_copy_columns(Context& context, const CopyColumnsPlan& plan) {
  return std::make_unique<CopyColumns>(context, plan);
}

Planned plan_add(Context& context, const AddPlan& plan) {
  return std::make_unique<Add>(context, plan);
}

}  // namespace vae4j
