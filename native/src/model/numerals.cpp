// SPDX-License-Identifier: Apache-2.0
#include "model/numerals.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "model/decimal.hpp"
#include "model/unicode.hpp"
#include "model/utf8.hpp"

namespace vae4j::model {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr uint32_t kMinus = 0x2212;
constexpr uint32_t kApostrophe = 0x2019;

// The parts of a number, which are copied to a text that C's functions read.
class Scanner {
 public:
  Scanner(const Numerals& format, std::string_view text) : format_(format), text_(text) {}

  bool done() const { return at_ == text_.size(); }
  size_t digits() const { return digits_; }
  const std::string& plain() const { return plain_; }

  // A sign, if there is one; whether it is a minus.
  bool minus() {
    if (done()) return false;
    Utf8Character c = utf8_at(text_, at_);
    bool minus = c.character == '-' || c.character == kMinus;
    if (minus || c.character == '+') at_ += c.length;
    return minus;
  }

  // Digits, possibly with marks between groups: the last group has three, those before it two or
  // three. False if the groups are wrong.
  bool whole() {
    bool grouped = false;
    for (;;) {
      size_t group = run();
      size_t mark = thousands();
      if (mark == 0) return !grouped || group == 3;
      if (group < (grouped ? 2 : 1) || group > 3) return false;
      grouped = true;
      at_ += mark;
    }
  }

  void fraction() {
    if (done() || text_[at_] != format_.decimal) return;
    at_++;
    plain_ += '.';
    run();
  }

  // An exponent to the end of the text, if there is one; false for anything else.
  bool exponent() {
    if (done()) return true;
    if (text_[at_] != 'e' && text_[at_] != 'E') return false;
    at_++;
    plain_ += minus() ? "e-" : "e";
    return run() > 0 && done();
  }

 private:
  size_t run() {
    size_t begin = at_;
    while (!done() && text_[at_] >= '0' && text_[at_] <= '9') at_++;
    plain_.append(text_, begin, at_ - begin);
    digits_ += at_ - begin;
    return at_ - begin;
  }

  // The bytes of a mark between groups; 0 if there is none.
  size_t thousands() const {
    if (done() || format_.thousands == '\0') return 0;
    Utf8Character c = utf8_at(text_, at_);
    bool mark = c.character == static_cast<unsigned char>(format_.thousands) ||
                (format_.thousands == ' ' && is_blank(c.character)) ||
                (format_.thousands == '\'' && c.character == kApostrophe);
    return mark ? c.length : 0;
  }

  const Numerals& format_;
  std::string_view text_;
  size_t at_ = 0;
  size_t digits_ = 0;
  std::string plain_;
};

std::string_view without_percent(std::string_view text) {
  if (text.empty() || text.back() != '%') return text;
  std::string_view rest = text.substr(0, text.size() - 1);
  std::string_view stripped = strip(rest, is_blank);
  // Blanks at the begin stay, and make the text no number.
  return stripped.empty() ? stripped
                          : rest.substr(0, static_cast<size_t>(stripped.end() - rest.begin()));
}

}  // namespace

double Numerals::parse(std::string_view text) const {
  Scanner scanner(*this, percent ? without_percent(text) : text);
  bool negative = scanner.minus();
  if (!scanner.whole()) return kNone;
  scanner.fraction();
  if (scanner.digits() == 0 || !scanner.exponent()) return kNone;
  double value = parse_decimal(scanner.plain());
  if (std::isinf(value)) return kNone;
  return negative ? -value : value;
}

}  // namespace vae4j::model
