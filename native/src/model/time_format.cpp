// SPDX-License-Identifier: Apache-2.0
#include "model/time_format.hpp"

#include <cstdint>
#include <limits>

#include "model/civil_time.hpp"
#include "model/unicode.hpp"
#include "model/utf8.hpp"

namespace vae4j::model {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr size_t kDateLength = 10;
constexpr size_t kMinutesLength = 16;

bool literal(std::string_view text, size_t* at, char c) {
  if (*at >= text.size() || text[*at] != c) return false;
  (*at)++;
  return true;
}

// yyyy-MM-dd.
bool date(std::string_view text, size_t* at, CivilTime* time) {
  int64_t century = 0;
  int64_t year = 0;
  if (!two_digits(text, at, &century) || !two_digits(text, at, &year)) return false;
  time->year = century * 100 + year;
  return literal(text, at, '-') && two_digits(text, at, &time->month) && literal(text, at, '-') &&
         two_digits(text, at, &time->day);
}

// After a point, no digit to nine.
void fraction(std::string_view text, size_t* at, CivilTime* time) {
  if (!literal(text, at, '.')) return;
  for (int64_t unit = 100'000'000; unit > 0; unit /= 10, (*at)++) {
    if (*at >= text.size() || text[*at] < '0' || text[*at] > '9') return;
    time->nano += (text[*at] - '0') * unit;
  }
}

// HH:mm, HH:mm:ss or HH:mm:ss.f.
bool time_of_day(std::string_view text, size_t* at, CivilTime* time) {
  if (!two_digits(text, at, &time->hour) || !literal(text, at, ':') ||
      !two_digits(text, at, &time->minute)) {
    return false;
  }
  size_t seconds = *at;
  if (literal(text, &seconds, ':') && two_digits(text, &seconds, &time->second)) {
    *at = seconds;
    fraction(text, at, time);
  }
  return true;
}

double seconds_of(const CivilTime& time, int64_t offset) {
  return static_cast<double>(epoch_seconds(time) - offset) + static_cast<double>(time.nano) / 1e9;
}

double read_date(std::string_view text) {
  size_t at = 0;
  CivilTime time;
  bool read = date(text, &at, &time) && at == text.size() && is_date(time);
  return read ? static_cast<double>(epoch_seconds(time)) : kNone;
}

// A date, then T or a blank, then a time.
bool read_local(std::string_view text, size_t* at, CivilTime* time) {
  return date(text, at, time) && (literal(text, at, 'T') || literal(text, at, 't')) &&
         time_of_day(text, at, time);
}

// Behind the date, a blank and white space become a T.
std::string with_t(std::string_view text) {
  std::string plain(text);
  if (text[kDateLength] == ' ') {
    plain = std::string(text.substr(0, kDateLength)) + 'T';
    plain += strip(text.substr(kDateLength + 1), is_white);
  }
  return plain;
}

double read_date_time(std::string_view text) {
  if (text.size() == kDateLength) return read_date(text);
  if (text[4] != '-' || utf16_length(text) < kMinutesLength) return kNone;
  std::string plain = with_t(text);
  size_t at = 0;
  CivilTime time;
  bool read = read_local(plain, &at, &time) && at == plain.size();
  return read && is_date(time) && is_time(time) ? seconds_of(time, 0) : kNone;
}

double read_offset(std::string_view text) {
  if (text[4] != '-' || utf16_length(text) < kMinutesLength) return kNone;
  std::string plain = with_t(text);
  size_t at = 0;
  CivilTime time;
  if (!read_local(plain, &at, &time)) return kNone;
  // java.time compares without case there.
  for (char& c : plain) c = c == 'z' ? 'Z' : c;
  Offset offset;
  for (int letters : {3, 2, 1}) {
    if (offset.read(plain, &at, letters) == Offset::Result::kOutOfRange) return kNone;
  }
  bool read = offset.given && offset.is_valid() && at == plain.size() && resolve_smart(&time);
  return read ? seconds_of(time, offset.seconds) : kNone;
}

// Long.parseLong, which takes the decimal digits of all scripts.
double read_whole(std::string_view text, double unit) {
  bool negative = !text.empty() && text[0] == '-';
  if (negative || (!text.empty() && text[0] == '+')) text.remove_prefix(1);
  if (text.empty()) return kNone;
  int64_t value = 0;
  for (size_t at = 0; at < text.size();) {
    Utf8Character c = utf8_at(text, at);
    int digit = decimal_digit(c.character);
    at += c.length;
    if (digit < 0 || __builtin_mul_overflow(value, 10, &value) ||
        __builtin_sub_overflow(value, digit, &value)) {
      return kNone;
    }
  }
  if (!negative && value == std::numeric_limits<int64_t>::min()) return kNone;
  return static_cast<double>(negative ? value : -value) / unit;
}

}  // namespace

TimeFormat::TimeFormat(const JsonValue& id) : id_(id.as_text()), rule_(Rule::kPattern) {
  struct Name {
    const char* id;
    Rule rule;
  };
  // Another program may have written a T for the space of iso-datetime-space.
  for (Name name : {Name{"iso-date", Rule::kDate}, Name{"iso-datetime", Rule::kDateTime},
                    Name{"iso-datetime-space", Rule::kDateTime}, Name{"iso-offset", Rule::kOffset},
                    Name{"epoch-seconds", Rule::kSeconds}, Name{"epoch-millis", Rule::kMillis}}) {
    if (id_ == name.id) rule_ = name.rule;
  }
  if (rule_ == Rule::kPattern) pattern_.emplace(id);
}

double TimeFormat::read(std::string_view text) const {
  switch (rule_) {
    case Rule::kSeconds:
      return read_whole(text, 1);
    case Rule::kMillis:
      return read_whole(text, 1000);
    case Rule::kPattern:
      return pattern_->read(text);
    default:
      break;
  }
  if (text.size() < kDateLength) return kNone;
  if (rule_ == Rule::kDate) return read_date(text);
  return rule_ == Rule::kDateTime ? read_date_time(text) : read_offset(text);
}

}  // namespace vae4j::model
