// SPDX-License-Identifier: Apache-2.0
#include "model/formula.hpp"

#include <charconv>

#include "error.hpp"

namespace vae4j::model {
namespace {

bool starts_with(std::string_view text, std::string_view part) {
  return text.substr(0, part.size()) == part;
}

}  // namespace

bool Formula::read(std::string_view* text) {
  *this = Formula();
  while (true) {
    int64_t factor = 1;
    const char* begin = text->data();
    auto number = std::from_chars(begin, begin + text->size(), factor);
    bool digits = number.ptr != begin;
    if (digits && (number.ec != std::errc() || factor < 0)) return false;
    text->remove_prefix(static_cast<size_t>(number.ptr - begin));
    int64_t* term = starts_with(*text, "BL")  ? &bl_
                    : starts_with(*text, "B") ? &b_
                    : starts_with(*text, "L") ? &l_
                    : starts_with(*text, "S") ? &s_
                    : digits                  ? &constant_
                                              : nullptr;
    if (term == nullptr || *term != 0) return false;
    *term = factor;
    if (term != &constant_) text->remove_prefix(term == &bl_ ? 2 : 1);
    if (text->empty() || text->front() != '+') return true;
    text->remove_prefix(1);
  }
}

int64_t Formula::at(const BatchSizes& sizes) const {
  int64_t sum = constant_;
  int64_t both = 0;
  bool wrong = __builtin_mul_overflow(sizes.batch, sizes.samples, &both);
  for (auto [factor, size] : {std::pair<int64_t, int64_t>{b_, sizes.batch},
                              {l_, sizes.samples},
                              {bl_, both},
                              {s_, sizes.seed}}) {
    int64_t product = 0;
    wrong |= __builtin_mul_overflow(factor, size, &product);
    wrong |= __builtin_add_overflow(sum, product, &sum);
  }
  if (wrong) throw Error(VAE4J_INVALID_ARGUMENT, "a size of the model's program is beyond 2^63");
  return sum;
}

}  // namespace vae4j::model
