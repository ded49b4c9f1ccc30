// SPDX-License-Identifier: Apache-2.0
// Dates of the proleptic Gregorian calendar and times of a day, as java.time resolves them.
#pragma once

#include <cstdint>
#include <string_view>

namespace vae4j::model {

struct CivilTime {
  int64_t year = 0;
  int64_t month = 0;
  int64_t day = 0;
  int64_t hour = 0;
  int64_t minute = 0;
  int64_t second = 0;
  int64_t nano = 0;
};

// Whether the date is one, such as no 31 February, and the time too.
bool is_date(const CivilTime& time);
bool is_time(const CivilTime& time);

// The days of a month of 1 to 12.
int64_t month_length(int64_t year, int64_t month);

// Seconds since 1970, without a fraction.
int64_t epoch_seconds(const CivilTime& time);

// ResolverStyle.SMART: a day up to 31 becomes the month's last one, and 24:00 the next day.
bool resolve_smart(CivilTime* time);

// An offset from UTC, with "Z" for none, of which a pattern has 1 to 3 letters X.
struct Offset {
  enum class Result { kNone, kRead, kOutOfRange };

  Result read(std::string_view text, size_t* at, int letters);

  // Whether java.time.ZoneOffset has it: 18 hours at most.
  bool is_valid() const { return seconds >= -kMost && seconds <= kMost; }

  int64_t seconds = 0;
  bool given = false;

 private:
  static constexpr int64_t kMost = 18 * 3600;
};

// Two digits at a place, which is moved behind them.
bool two_digits(std::string_view text, size_t* at, int64_t* value);

}  // namespace vae4j::model
