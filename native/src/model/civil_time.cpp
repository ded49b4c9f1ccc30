// SPDX-License-Identifier: Apache-2.0
#include "model/civil_time.hpp"

#include <algorithm>

namespace vae4j::model {
namespace {

constexpr int64_t kDay = 86400;

bool is_leap(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

// Days since 1970: years begin with March, so that the leap day is their last one.
int64_t epoch_day(int64_t year, int64_t month, int64_t day) {
  int64_t from_march = (month + 9) % 12;
  int64_t own = month < 3 ? year - 1 : year;
  int64_t century = own >= 0 ? own / 400 : (own - 399) / 400;
  int64_t of_century = own - century * 400;
  int64_t of_year = (153 * from_march + 2) / 5 + day - 1;
  return century * 146097 + of_century * 365 + of_century / 4 - of_century / 100 + of_year - 719468;
}

bool is_month(int64_t month) { return month >= 1 && month <= 12; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

int64_t month_length(int64_t year, int64_t month) {
  if (month == 2) return is_leap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

bool is_date(const CivilTime& time) {
  return is_month(time.month) && time.day >= 1 && time.day <= month_length(time.year, time.month);
}

bool is_time(const CivilTime& time) {
  return time.hour >= 0 && time.hour <= 23 && time.minute >= 0 && time.minute <= 59 &&
         time.second >= 0 && time.second <= 59;
}

int64_t epoch_seconds(const CivilTime& time) {
  return epoch_day(time.year, time.month, time.day) * kDay + time.hour * 3600 + time.minute * 60 +
         time.second;
}

bool resolve_smart(CivilTime* time) {
  if (!is_month(time->month) || time->day < 1 || time->day > 31) return false;
  time->day = std::min(time->day, month_length(time->year, time->month));
  // The hour 24 stays: epoch_seconds counts on into the next day.
  bool midnight = time->hour == 24 && time->minute == 0 && time->second == 0 && time->nano == 0;
  return midnight || is_time(*time);
}

bool two_digits(std::string_view text, size_t* at, int64_t* value) {
  if (text.size() < *at + 2 || !is_digit(text[*at]) || !is_digit(text[*at + 1])) return false;
  *value = (text[*at] - '0') * 10 + (text[*at + 1] - '0');
  *at += 2;
  return true;
}

// As DateTimeFormatterBuilder.OffsetIdPrinterParser: X has the minutes if they are there, XX always,
// XXX after a colon. A second offset must be the first one.
Offset::Result Offset::read(std::string_view text, size_t* at, int letters) {
  size_t place = *at;
  if (place >= text.size()) return Result::kNone;
  char sign = text[place++];
  int64_t hours = 0;
  int64_t minutes = 0;
  if (sign == '+' || sign == '-') {
    if (!two_digits(text, &place, &hours) || hours > 59) return Result::kNone;
    size_t after = place + (letters == 3 ? 1 : 0);
    bool colon = letters != 3 || (place < text.size() && text[place] == ':');
    if (colon && two_digits(text, &after, &minutes) && minutes <= 59) {
      place = after;
    } else if (letters == 1) {
      minutes = 0;
    } else {
      return Result::kNone;
    }
    if (hours > 23) return Result::kOutOfRange;
  } else if (sign != 'Z') {
    return Result::kNone;
  }
  int64_t read = (hours * 3600 + minutes * 60) * (sign == '-' ? -1 : 1);
  if (given && read != seconds) return Result::kNone;
  seconds = read;
  given = true;
  *at = place;
  return Result::kRead;
}

}  // namespace vae4j::model
