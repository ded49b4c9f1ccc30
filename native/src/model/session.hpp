// SPDX-License-Identifier: Apache-2.0
// The context and the plans of a thread that uses a model. A model keeps the sessions that no thread
// uses.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "model/plan.hpp"
#include "model/programs.hpp"

namespace vae4j::model {

// Of each session: resolved once, because the environment may change while threads run.
struct Settings {
  Settings(int threads, const char* isa);

  int threads;
  const char* isa;
};

class Session {
 public:
  Session(const Settings& settings, const ModelText& text, const Arena& weights);

  // The plan for sizes; it has the results of its last use. Fails if the model has no such plan.
  // Another plan may be freed.
  Plan& plan(const char* name, const BatchSizes& sizes, bool equal_noise);

 private:
  struct Entry {
    std::string name;
    BatchSizes sizes;
    bool equal_noise;
    std::unique_ptr<Plan> plan;
  };

  Context context_;
  const ModelText& text_;
  const Arena& weights_;
  std::vector<Entry> plans_;  // the one that was used last is the last
};

// The sessions of a model.
class Sessions {
 public:
  Sessions(Settings settings, const ModelText& text, const Arena& weights)
      : settings_(std::move(settings)), text_(text), weights_(weights) {}

  // A session for one call of the API.
  class Lease {
   public:
    explicit Lease(Sessions& owner);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    Session* operator->() const { return session_.get(); }

   private:
    Sessions& owner_;
    std::unique_ptr<Session> session_;
  };

 private:
  const Settings settings_;
  const ModelText& text_;
  const Arena& weights_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Session>> idle_;
  size_t made_ = 0;
};

}  // namespace vae4j::model
