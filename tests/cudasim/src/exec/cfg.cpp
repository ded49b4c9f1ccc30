// SPDX-License-Identifier: Apache-2.0
// Control flow of a lowered kernel: immediate post-dominators (Cooper, Harvey and Kennedy, "A
// Simple, Fast Dominance Algorithm", on the reversed graph).
#include <algorithm>
#include <set>

#include "lowering.h"

namespace cudasim {

void runBranch(Warp&, const Op&);
void runBranchTable(Warp&, const Op&);
void runExit(Warp&, const Op&);
void runTrap(Warp&, const Op&);

namespace {

struct Graph {
  std::vector<uint32_t> starts;                // first op of each block
  std::vector<std::vector<uint32_t>> next;     // block -> blocks; the last one is the exit
  std::vector<std::vector<uint32_t>> previous;
};

bool endsBlock(const Op& op) {
  return op.run == runBranch || op.run == runBranchTable || op.run == runExit || op.run == runTrap;
}

Graph build(const Program& p) {
  std::set<uint32_t> starts = {0};
  for (uint32_t i = 0; i < p.ops.size(); ++i) {
    const Op& op = p.ops[i];
    if (op.run == runBranch) {
      starts.insert(op.target);
    }
    if (op.run == runBranchTable) {
      starts.insert(p.branchTables[op.table].begin(), p.branchTables[op.table].end());
    }
    if (endsBlock(op) && i + 1 < p.ops.size()) {
      starts.insert(i + 1);
    }
  }
  Graph g;
  g.starts.assign(starts.begin(), starts.end());
  const uint32_t blocks = static_cast<uint32_t>(g.starts.size());
  const auto blockOf = [&](uint32_t op) {
    return static_cast<uint32_t>(std::upper_bound(g.starts.begin(), g.starts.end(), op) - g.starts.begin() - 1);
  };
  g.next.resize(blocks + 1);
  g.previous.resize(blocks + 1);
  for (uint32_t b = 0; b < blocks; ++b) {
    const uint32_t end = b + 1 < blocks ? g.starts[b + 1] : static_cast<uint32_t>(p.ops.size());
    const Op& last = p.ops[end - 1];
    const bool falls = !endsBlock(last) || last.guard != kNone;
    std::set<uint32_t> next;
    if (last.run == runBranch) {
      next.insert(blockOf(last.target));
    } else if (last.run == runBranchTable) {
      for (const uint32_t target : p.branchTables[last.table]) {
        next.insert(blockOf(target));
      }
    } else if (endsBlock(last)) {
      next.insert(blocks);
    }
    if (falls) {
      next.insert(b + 1 < blocks ? b + 1 : blocks);
    }
    for (const uint32_t n : next) {
      g.next[b].push_back(n);
      g.previous[n].push_back(b);
    }
  }
  return g;
}

// Immediate post-dominator of each block, kNone where no path leads to the exit.
std::vector<uint32_t> postDominators(const Graph& g) {
  const uint32_t exit = static_cast<uint32_t>(g.starts.size());
  std::vector<uint32_t> order; // post-order of the reversed graph, from the exit
  std::vector<uint32_t> number(exit + 1, kNone);
  std::vector<std::pair<uint32_t, size_t>> stack = {{exit, 0}};
  std::vector<bool> seen(exit + 1, false);
  seen[exit] = true;
  while (!stack.empty()) {
    auto& [node, child] = stack.back();
    if (child < g.previous[node].size()) {
      const uint32_t p = g.previous[node][child++];
      if (!seen[p]) {
        seen[p] = true;
        stack.emplace_back(p, 0);
      }
    } else {
      number[node] = static_cast<uint32_t>(order.size());
      order.push_back(node);
      stack.pop_back();
    }
  }
  std::vector<uint32_t> parent(exit + 1, kNone);
  parent[exit] = exit;
  for (bool changed = true; changed;) {
    changed = false;
    for (auto it = order.rbegin(); it != order.rend(); ++it) {
      if (*it == exit) {
        continue;
      }
      uint32_t common = kNone;
      for (uint32_t other : g.next[*it]) {
        if (number[other] == kNone || parent[other] == kNone) {
          continue;
        }
        if (common == kNone) {
          common = other;
          continue;
        }
        while (common != other) {
          while (number[common] < number[other]) common = parent[common];
          while (number[other] < number[common]) other = parent[other];
        }
      }
      if (common != kNone && parent[*it] != common) {
        parent[*it] = common;
        changed = true;
      }
    }
  }
  return parent;
}

} // namespace

void setReconvergence(Program& p) {
  const Graph g = build(p);
  const std::vector<uint32_t> parent = postDominators(g);
  const uint32_t blocks = static_cast<uint32_t>(g.starts.size());
  const uint32_t end = static_cast<uint32_t>(p.ops.size());
  for (uint32_t b = 0; b < blocks; ++b) {
    const uint32_t last = (b + 1 < blocks ? g.starts[b + 1] : end) - 1;
    const uint32_t meets = parent[b];
    p.ops[last].reconverge = meets == kNone || meets == blocks ? end : g.starts[meets];
  }
}

} // namespace cudasim
