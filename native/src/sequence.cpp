// Ops that run as one.
#include <vector>

#include "ops.hpp"

namespace vae4j {
namespace {

class Sequence final : public Op {
 public:
  Sequence(Context& context, const SequencePlan& plan)
      : Op(context), ops_(plan.ops, plan.ops + plan.count) {}

  void run() override {
    for (Op* op : ops_) op->run();
  }

 private:
  const std::vector<Op*> ops_;
};

}  // namespace

Planned plan_sequence(Context& context, const SequencePlan& plan) {
  return std::make_unique<Sequence>(context, plan);
}

}  // namespace vae4j
