// SPDX-License-Identifier: Apache-2.0
#include "model/time_pattern.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "model/civil_time.hpp"
#include "model/utf8.hpp"

namespace vae4j::model {
namespace {

constexpr int kMostDigits = 19;
constexpr int kMostSections = 8;
constexpr int64_t kLastYear = 999'999'999;

// Those of Locale.ROOT, for three letters and for four.
constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

class PatternCompiler {
 public:
  PatternCompiler(const JsonValue& json, std::vector<TimePattern::Item>* items)
      : json_(json), text_(json.as_text()), items_(*items) {}

  void run() {
    while (at_ < text_.size()) {
      char c = text_[at_];
      if (is_letter(c)) {
        letters(c);
      } else if (c == '\'') {
        quoted_text();
      } else if (c == '[') {
        begin_section();
      } else if (c == ']') {
        end_section();
      } else if (c == '{' || c == '}' || c == '#') {
        throw unsupported(std::string("the character ") + c);
      } else {
        literal(text_.substr(at_, utf8_at(text_, at_).length));
      }
    }
    while (!open_.empty()) close();
    if (!seen_[TimePattern::kYear] || !seen_[TimePattern::kMonth] || !seen_[TimePattern::kDay]) {
      throw unsupported("no year, month and day");
    }
  }

 private:
  using Item = TimePattern::Item;
  using Form = Item::Form;
  static constexpr size_t kNone = SIZE_MAX;

  Error unsupported(const std::string& part) const {
    std::string text = "the C API reads no times of a pattern with " + part;
    return Error(VAE4J_UNSUPPORTED, json_.error(text + ": " + quoted(text_)).what());
  }

  void letters(char c) {
    int count = 0;
    for (; at_ < text_.size() && text_[at_] == c; at_++) count++;
    std::string run(static_cast<size_t>(count), c);
    static constexpr std::string_view kNumbers = "dHhms";
    static constexpr TimePattern::Field kNumberFields[] = {
        TimePattern::kDay, TimePattern::kHour, TimePattern::kHalfHour, TimePattern::kMinute,
        TimePattern::kSecond};
    size_t number = kNumbers.find(c);
    if (number != std::string_view::npos && count <= 2) {
      add_number(once(kNumberFields[number], run), count);
    } else if (c == 'y' || c == 'u') {
      add_year(once(TimePattern::kYear, run), count);
    } else if ((c == 'M' || c == 'L') && count <= 2) {
      add_number(once(TimePattern::kMonth, run), count);
    } else if ((c == 'M' || c == 'L') && count <= 4) {
      add_name(once(TimePattern::kMonth, run), count);
    } else if (c == 'a' && count == 1) {
      add_name(once(TimePattern::kHalf, run), count);
    } else if (c == 'S' && count <= 9) {
      adjoin({Form::kFraction, once(TimePattern::kNano, run), count, count, Item::Sign::kNone});
    } else if (c == 'X' && count <= 3 && !offset_) {
      offset_ = true;
      add({Form::kOffset, TimePattern::kFields, count});
    } else {
      throw unsupported(quoted(run));
    }
  }

  TimePattern::Field once(TimePattern::Field field, const std::string& run) {
    if (seen_[field]) throw unsupported(quoted(run) + " beside letters of the same meaning");
    seen_[field] = true;
    return field;
  }

  void add_number(TimePattern::Field field, int count) {
    if (count == 1) {
      adjoin({Form::kNumber, field, 1, kMostDigits, Item::Sign::kMinus});
    } else {
      adjoin({Form::kNumber, field, count, count, Item::Sign::kNone});
    }
  }

  void add_year(TimePattern::Field field, int count) {
    if (count > kMostDigits) throw unsupported("a year of so many letters");
    if (count == 2) {
      adjoin({Form::kReduced, field, 2, 2, Item::Sign::kNone});
    } else {
      Item::Sign sign = count < 4 ? Item::Sign::kMinus : Item::Sign::kPad;
      adjoin({Form::kNumber, field, count, kMostDigits, sign});
    }
  }

  void add_name(TimePattern::Field field, int count) { add({Form::kName, field, count}); }

  void add(Item item) {
    items_.push_back(std::move(item));
    adjoined_ = kNone;
  }

  // As DateTimeFormatterBuilder.appendValue: numbers of a fixed width take their digits from the end
  // of those that the first number of the row could have.
  void adjoin(Item item) {
    size_t own = items_.size();
    bool fixed = item.least == item.most && item.sign == Item::Sign::kNone;
    if (adjoined_ == kNone) {
      adjoined_ = own;
    } else if (fixed) {
      items_[adjoined_].following += item.most;
    } else {
      items_[adjoined_].following = 0;
      adjoined_ = own;
    }
    items_.push_back(std::move(item));
  }

  void literal(const std::string& text) {
    at_ += text.size();
    add({Form::kLiteral, TimePattern::kFields, 0, 0, Item::Sign::kNone, 0, text});
  }

  // Behind a quotation mark; two of them are one.
  void quoted_text() {
    std::string text;
    for (at_++; at_ < text_.size(); at_++) {
      if (text_[at_] == '\'') {
        if (at_ + 1 == text_.size() || text_[at_ + 1] != '\'') break;
        at_++;
      }
      text += text_[at_];
    }
    if (at_ == text_.size()) throw unsupported("an open quotation mark");
    at_++;
    if (text.empty()) text = "'";
    add({Form::kLiteral, TimePattern::kFields, 0, 0, Item::Sign::kNone, 0, text});
  }

  void begin_section() {
    if (open_.size() == kMostSections) throw unsupported("so many sections inside others");
    at_++;
    open_.push_back(items_.size());
    add({Form::kOptional});
  }

  void end_section() {
    if (open_.empty()) throw unsupported("']' without '['");
    at_++;
    close();
  }

  void close() {
    items_[open_.back()].end = items_.size();
    open_.pop_back();
    adjoined_ = kNone;
  }

  const JsonValue& json_;
  std::string text_;
  std::vector<Item>& items_;
  size_t at_ = 0;
  size_t adjoined_ = kNone;
  bool seen_[TimePattern::kFields] = {};
  bool offset_ = false;
  std::vector<size_t> open_;
};

class PatternReader {
 public:
  PatternReader(const std::vector<TimePattern::Item>& items, std::string_view text)
      : items_(items), text_(text) {}

  std::optional<double> run() {
    State state;
    if (!section(0, items_.size(), &state) || refused_ || state.at != text_.size()) {
      return std::nullopt;
    }
    return resolved(state);
  }

 private:
  using Item = TimePattern::Item;

  struct State {
    size_t at = 0;
    std::optional<int64_t> fields[TimePattern::kFields];
    Offset offset;
  };

  bool section(size_t begin, size_t end, State* state) {
    for (size_t i = begin; i < end; i++) {
      const Item& item = items_[i];
      if (item.form == Item::Form::kOptional) {
        State trial = *state;
        if (section(i + 1, item.end, &trial)) *state = trial;
        i = item.end - 1;
      } else if (!one(item, state)) {
        return false;
      }
    }
    return true;
  }

  bool one(const Item& item, State* state) {
    switch (item.form) {
      case Item::Form::kLiteral:
        if (text_.substr(state->at, item.text.size()) != item.text) return false;
        state->at += item.text.size();
        return true;
      case Item::Form::kName:
        return name(item, state);
      case Item::Form::kOffset: {
        Offset::Result result = state->offset.read(text_, &state->at, item.least);
        refused_ |= result == Offset::Result::kOutOfRange;
        return result == Offset::Result::kRead;
      }
      default:
        return number(item, state);
    }
  }

  bool name(const Item& item, State* state) {
    bool half = item.field == TimePattern::kHalf;
    for (int i = 0; i < (half ? 2 : 12); i++) {
      std::string_view name = half ? (i == 0 ? "AM" : "PM") : kMonths[i];
      if (text_.substr(state->at, name.size()) == name) {
        state->at += name.size();
        state->fields[item.field] = half ? i : i + 1;
        return true;
      }
    }
    return false;
  }

  // As DateTimeFormatterBuilder.NumberPrinterParser.parse, which is strict.
  bool number(const Item& item, State* state) {
    size_t at = state->at;
    char sign = at < text_.size() ? text_[at] : '\0';
    bool plus = sign == '+';
    bool minus = sign == '-';
    if ((plus && item.sign != Item::Sign::kPad) || (minus && item.sign == Item::Sign::kNone)) {
      return false;
    }
    at += plus || minus ? 1 : 0;
    int digits = count(at, item.most + item.following);
    if (item.following > 0) {
      digits = count(at, std::max(item.least, digits - item.following));
    }
    if (digits < item.least) return false;
    int64_t value = 0;
    for (int i = 0; i < digits; i++) {
      // A year with 18 digits is out of range in any case.
      value = std::min(value * 10 + (text_[at + static_cast<size_t>(i)] - '0'), kMostValue);
    }
    if (minus && value == 0) return false;
    if (!minus && item.sign == Item::Sign::kPad && plus != (digits > item.least)) return false;
    state->at = at + static_cast<size_t>(digits);
    state->fields[item.field] = meaning(item, minus ? -value : value);
    return true;
  }

  int count(size_t at, int most) const {
    int digits = 0;
    while (digits < most && at < text_.size() && is_digit(text_[at])) {
      digits++;
      at++;
    }
    return digits;
  }

  static int64_t meaning(const Item& item, int64_t value) {
    if (item.form == Item::Form::kReduced) return 2000 + value;
    if (item.form != Item::Form::kFraction) return value;
    for (int i = item.least; i < 9; i++) value *= 10;
    return value;
  }

  // Values without a date are none. Those without an hour, or with a gap behind it, are midnight;
  // with the gap java.time checks no value.
  static std::optional<double> resolved(const State& state) {
    const auto& f = state.fields;
    if (!f[TimePattern::kYear] || !f[TimePattern::kMonth] || !f[TimePattern::kDay]) {
      return std::nullopt;
    }
    CivilTime midnight;
    midnight.year = *f[TimePattern::kYear];
    midnight.month = *f[TimePattern::kMonth];
    midnight.day = *f[TimePattern::kDay];
    if (midnight.year < 1 || midnight.year > kLastYear || !is_date(midnight)) return std::nullopt;
    std::optional<int64_t> hour = f[TimePattern::kHour];
    if (!add_half(f, &hour)) return std::nullopt;
    CivilTime time = midnight;
    time.hour = hour.value_or(0);
    time.minute = f[TimePattern::kMinute].value_or(0);
    time.second = f[TimePattern::kSecond].value_or(0);
    bool second = f[TimePattern::kSecond].has_value();
    bool nano = f[TimePattern::kNano].has_value();
    bool gap = f[TimePattern::kMinute] ? !second && nano : second || nano;
    if (!(hour && gap) && !is_time(time)) return std::nullopt;
    if (!hour || gap) return static_cast<double>(epoch_seconds(midnight));
    if (state.offset.given) {
      if (!state.offset.is_valid()) return std::nullopt;
      return static_cast<double>(epoch_seconds(time) - state.offset.seconds);
    }
    double fraction = static_cast<double>(f[TimePattern::kNano].value_or(0)) / 1e9;
    return static_cast<double>(epoch_seconds(time)) + fraction;
  }

  // The hour of half a day, with its half; false if it is none, or another hour than that of a day.
  static bool add_half(const std::optional<int64_t>* fields, std::optional<int64_t>* hour) {
    std::optional<int64_t> own = fields[TimePattern::kHalfHour];
    if (!own) return true;
    if (*own < 1 || *own > 12) return false;
    if (!fields[TimePattern::kHalf]) return true;
    int64_t of_day = *own % 12 + 12 * *fields[TimePattern::kHalf];
    if (*hour && **hour != of_day) return false;
    *hour = of_day;
    return true;
  }

  static constexpr int64_t kMostValue = 100'000'000'000'000'000;

  const std::vector<Item>& items_;
  std::string_view text_;
  bool refused_ = false;
};

TimePattern::TimePattern(const JsonValue& pattern) { PatternCompiler(pattern, &items_).run(); }

double TimePattern::read(std::string_view text) const {
  return PatternReader(items_, text).run().value_or(std::numeric_limits<double>::quiet_NaN());
}

}  // namespace vae4j::model
