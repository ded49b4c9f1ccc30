// SPDX-License-Identifier: Apache-2.0
#include "model/session.hpp"

#include <algorithm>

namespace vae4j::model {
namespace {

// Plans that a session keeps: each has memory for a batch.
constexpr size_t kMostPlans = 16;

const char* isa_of(const Settings& settings) {
  return settings.isa.empty() ? nullptr : settings.isa.c_str();
}

}  // namespace

Session::Session(const Settings& settings, const ModelText& text, const Arena& weights)
    : context_(settings.threads, VAE4J_FP32, isa_of(settings)), text_(text), weights_(weights) {}

Plan& Session::plan(const char* name, const BatchSizes& sizes, bool equal_noise) {
  auto same = [&](const Entry& entry) {
    return entry.name == name && entry.equal_noise == equal_noise &&
           entry.sizes.batch == sizes.batch && entry.sizes.samples == sizes.samples &&
           entry.sizes.seed == sizes.seed;
  };
  auto found = std::find_if(plans_.begin(), plans_.end(), same);
  if (found != plans_.end()) {
    std::rotate(found, found + 1, plans_.end());
    return *plans_.back().plan;
  }
  auto text = text_.plans.find(name);
  if (text == text_.plans.end()) {
    throw Error(VAE4J_INVALID_ARGUMENT, std::string("the model has no plan ") + name);
  }
  if (plans_.size() == kMostPlans) plans_.erase(plans_.begin());
  plans_.push_back({name, sizes, equal_noise,
                    std::make_unique<Plan>(context_, text->second, weights_, sizes, equal_noise)});
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
}

// A session whose call failed is kept: a plan is whole, or it is not in the session.
Sessions::Lease::~Lease() {
  std::lock_guard<std::mutex> lock(owner_.mutex_);
  owner_.idle_.push_back(std::move(session_));
}

}  // namespace vae4j::model
