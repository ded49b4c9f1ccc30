// SPDX-License-Identifier: Apache-2.0
#include "model/missing_texts.hpp"

#include <algorithm>

#include "model/unicode.hpp"

namespace vae4j::model {

MissingTexts::MissingTexts() {
  for (const char* text : {"NA", "NaN", "null", "None", "N/A", "#N/A", "<NA>", "?", "-"}) add(text);
  std::sort(lower_.begin(), lower_.end());
}

MissingTexts::MissingTexts(const JsonValue& more) : MissingTexts() {
  for (const JsonValue& value : more.elements()) {
    std::string text = value.as_text();
    for (const char* sigma : {"\u03A3", "\u03C3", "\u03C2"}) {
      if (text.find(sigma) != std::string::npos) {
        throw Error(
            VAE4J_UNSUPPORTED,
            value.error("the C API compares no text with a Greek sigma without case").what());
      }
    }
    add(text);
    more_ = true;
  }
  std::sort(lower_.begin(), lower_.end());
}

void MissingTexts::add(std::string_view text) {
  lower_.push_back(lower_case(text));
  longest_ = std::max(longest_, utf16_length(text));
}

bool MissingTexts::is_missing(std::string_view text) const {
  if (text.empty()) return true;
  bool number = text[0] >= '0' && text[0] <= '9' && !more_;
  // The length in bytes first: it is at hand.
  if (number || text.size() > 3 * longest_ || utf16_length(text) > longest_) return false;
  return std::binary_search(lower_.begin(), lower_.end(), lower_case(text));
}

}  // namespace vae4j::model
