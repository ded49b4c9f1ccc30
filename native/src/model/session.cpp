// SPDX-License-Identifier: Apache-2.0
#include "model/session.hpp"

#include <algorithm>

namespace vae4j::model {
namespace {

// Plans that a session keeps, and their memory; it keeps one plan of any size.
constexpr size_t kMostPlans = 16;
constexpr int64_t kMostBytes = int64_t{256} << 20;

}  // namespace

Settings::Settings(int threads, const char* isa) {
  Context trial(threads, VAE4J_FP32, isa);
  this->threads = trial.threads;
  this->isa = trial.kernels.isa;
}

Session::Session(const Settings& settings, const ModelText& text, const Arena& weights)
    : context_(settings.threads, VAE4J_FP32, settings.isa), text_(text), weights_(weights) {}

Plan& Session::plan(const char* name, const BatchSizes& sizes, bool equal_noise) {
  auto alike = [&](const Entry& entry) {
    return entry.name == name && entry.equal_noise == equal_noise &&
           entry.sizes.batch == sizes.batch && entry.sizes.samples == sizes.samples;
  };
  auto found = std::find_if(plans_.begin(), plans_.end(), alike);
  if (found != plans_.end() && found->sizes.seed == sizes.seed) {
    std::rotate(found, found + 1, plans_.end());
    return *plans_.back().plan;
  }
  auto text = text_.plans.find(name);
  if (text == text_.plans.end()) {
    throw Error(VAE4J_INVALID_ARGUMENT, std::string("the model has no plan ") + name);
  }
  // A caller with a new seed in each call needs the plan of the former one no more.
  if (found != plans_.end()) plans_.erase(found);
  auto plan = std::make_unique<Plan>(context_, text->second, weights_, sizes, equal_noise);
  int64_t bytes = plan->bytes();
  for (const Entry& entry : plans_) bytes += entry.plan->bytes();
  while (!plans_.empty() && (bytes > kMostBytes || plans_.size() >= kMostPlans)) {
    bytes -= plans_.front().plan->bytes();
    plans_.erase(plans_.begin());
  }
  plans_.push_back({name, sizes, equal_noise, std::move(plan)});
  return *plans_.back().plan;
}

Sessions::Lease::Lease(Sessions& owner) : owner_(owner) {
  {
    std::lock_guard<std::mutex> lock(owner.mutex_);
    if (!owner.idle_.empty()) {
      session_ = std::move(owner.idle_.back());
      owner.idle_.pop_back();
      return;
    }
  }
  session_ = std::make_unique<Session>(owner.settings_, owner.text_, owner.weights_);
  // The destructor must not allocate.
  std::lock_guard<std::mutex> lock(owner.mutex_);
  owner.idle_.reserve(++owner.made_);
}

// A session whose call failed is kept: a plan is whole, or it is not in the session.
Sessions::Lease::~Lease() {
  std::lock_guard<std::mutex> lock(owner_.mutex_);
  owner_.idle_.push_back(std::move(session_));
}

}  // namespace vae4j::model
