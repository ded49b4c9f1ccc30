// SPDX-License-Identifier: Apache-2.0
// Graphs: instantiation and launch of captured work.
#include "stream.h"

using namespace cudasim;

namespace {

Work graphWork(GraphExec* exec) {
  Work work;
  work.type = NodeType::Graph;
  work.name = "cuGraphLaunch";
  work.run = [exec, nodes = exec->nodes]() -> LaunchError {
    Runtime& rt = runtime();
    if (rt.execs.count(exec) == 0) return {CUDA_ERROR_ILLEGAL_ADDRESS, "launch of a destroyed graph"};
    for (const auto& node : nodes) {
      const LaunchError error = rt.runWork(node->work);
      if (error.code != CUDA_SUCCESS) return error;
    }
    return {};
  };
  return work;
}

CUresult instantiate(Runtime& rt, CUgraphExec* out, CUgraph graph) {
  if (out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (rt.graphs.count(graph) == 0) return CUDA_ERROR_INVALID_HANDLE;
  auto* exec = new GraphExec;
  exec->nodes = graph->nodes;
  rt.execs.insert(exec);
  *out = exec;
  return CUDA_SUCCESS;
}

} // namespace

CUDASIM_API cuGraphCreate(CUgraph* out, unsigned flags) {
  ENTER(kContext);
  if (out == nullptr || flags != 0) return CUDA_ERROR_INVALID_VALUE;
  *out = new Graph;
  rt.graphs.insert(*out);
  return CUDA_SUCCESS;
}

CUDASIM_API cuGraphDestroy(CUgraph graph) {
  ENTER(kContext | kIgnoresSticky);
  if (rt.graphs.erase(graph) == 0) return CUDA_ERROR_INVALID_HANDLE;
  delete graph;
  return CUDA_SUCCESS;
}

CUDASIM_API cuGraphInstantiateWithFlags(CUgraphExec* out, CUgraph graph, unsigned long long) {
  ENTER(kContext);
  return instantiate(rt, out, graph);
}

// CUDA_GRAPH_INSTANTIATE_PARAMS
struct InstantiateParams {
  uint64_t flags;
  CUstream uploadStream;
  CUgraphNode errorNode;
  int result;
};

CUDASIM_API cuGraphInstantiateWithParams(CUgraphExec* out, CUgraph graph, InstantiateParams* params) {
  ENTER(kContext);
  if (params == nullptr) return CUDA_ERROR_INVALID_VALUE;
  const CUresult rc = instantiate(rt, out, graph);
  params->result = rc == CUDA_SUCCESS ? 0 : 1;
  params->errorNode = nullptr;
  return rc;
}

CUDASIM_API cuGraphExecDestroy(CUgraphExec exec) {
  ENTER(kContext | kIgnoresSticky);
  if (rt.execs.count(exec) == 0) return CUDA_ERROR_INVALID_HANDLE;
  rt.runAll();
  rt.execs.erase(exec);
  delete exec;
  return CUDA_SUCCESS;
}

CUDASIM_API cuGraphUpload(CUgraphExec exec, CUstream handle) {
  ENTER(kContext);
  if (rt.execs.count(exec) == 0 || streamOf(rt, handle) == nullptr) return CUDA_ERROR_INVALID_HANDLE;
  return CUDA_SUCCESS;
}

CUDASIM_API cuGraphLaunch(CUgraphExec exec, CUstream handle) {
  ENTER(kContext);
  Stream* stream = streamOf(rt, handle);
  if (rt.execs.count(exec) == 0 || stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
  ++rt.profile.graphLaunches;
  return enqueue(rt, stream, graphWork(exec));
}

CUDASIM_API cuGraphGetNodes(CUgraph graph, CUgraphNode* nodes, size_t* count) {
  ENTER(kContext);
  if (count == nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (rt.graphs.count(graph) == 0) return CUDA_ERROR_INVALID_HANDLE;
  if (nodes != nullptr) {
    for (size_t i = 0; i < *count; ++i) {
      nodes[i] = i < graph->nodes.size() ? graph->nodes[i].get() : nullptr;
    }
  }
  *count = nodes == nullptr ? graph->nodes.size() : std::min(*count, graph->nodes.size());
  return CUDA_SUCCESS;
}

CUDASIM_API cuGraphNodeGetType(CUgraphNode node, int* out) {
  ENTER(kContext);
  if (node == nullptr || out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  *out = static_cast<int>(node->work.type);
  return CUDA_SUCCESS;
}
