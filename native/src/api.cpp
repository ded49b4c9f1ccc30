// SPDX-License-Identifier: Apache-2.0
// The C API: pointers are checked, exceptions become a status and a text.
#include <cstring>
#include <exception>
#include <new>
#include <vector>

#include "guarded.hpp"
#include "matmul.hpp"
#include "ops.hpp"
#include "parallel.hpp"

#ifndef VAE4J_VERSION
#error "VAE4J_VERSION: the build gives the version of the project"
#endif

struct vae4j_program {
  vae4j_context& context;
  std::vector<vae4j::Planned> ops;
};

namespace vae4j {
namespace {

// Static memory, so that the message "out of memory" needs no allocation.
thread_local char last_error[1024] = "";

int fail(vae4j_status status, const char* text) noexcept {
  std::strncpy(last_error, text, sizeof last_error - 1);
  return status;
}

}  // namespace

int caught() noexcept {
  try {
    throw;
  } catch (const Error& e) {
    return fail(e.status(), e.what());
  } catch (const dnnl::error& e) {
    if (e.status == dnnl_out_of_memory) return fail(VAE4J_OUT_OF_MEMORY, "oneDNN: out of memory");
    if (e.status == dnnl_unimplemented) return fail(VAE4J_UNSUPPORTED, e.what());
    return fail(VAE4J_INTERNAL, e.what());
  } catch (const std::bad_alloc&) {
    return fail(VAE4J_OUT_OF_MEMORY, "out of memory");
  } catch (const std::exception& e) {
    return fail(VAE4J_INTERNAL, e.what());
  } catch (...) {
    return fail(VAE4J_INTERNAL, "unknown exception");
  }
}

}  // namespace vae4j

namespace {

using vae4j::guarded;
using vae4j::Planned;
using vae4j::require;
using vae4j::wrong;

}  // namespace

extern "C" {

const char* vae4j_last_error(void) { return vae4j::last_error; }

const char* vae4j_version(void) { return VAE4J_VERSION; }

const char* vae4j_onednn_version(void) {
  static const std::string text = [] {
    const dnnl_version_t* version = dnnl_version();
    return std::to_string(version->major) + "." + std::to_string(version->minor) + "." +
           std::to_string(version->patch);
  }();
  return text.c_str();
}

int vae4j_allocate(size_t bytes, void** out) {
  return guarded([&] {
    require("allocate", "out", out);
    *out = vae4j::allocate(bytes);
  });
}

int vae4j_free(void* memory) {
  vae4j::release(memory);
  return VAE4J_OK;
}

int vae4j_copy(void* target, const void* source, size_t bytes) {
  return guarded([&] {
    require("copy", "target", target);
    require("copy", "source", source);
    std::memcpy(target, source, bytes);
  });
}

int vae4j_context_create(int threads, int precision, const char* isa, vae4j_context** out) {
  return guarded([&] {
    require("context", "out", out);
    *out = new vae4j_context(threads, precision, isa);
  });
}

int vae4j_context_destroy(vae4j_context* context) {
  delete context;
  return VAE4J_OK;
}

int vae4j_context_threads(const vae4j_context* context, int* out) {
  return guarded([&] {
    require("context", "context", context);
    require("context", "out", out);
    *out = context->threads;
  });
}

const char* vae4j_context_isa(const vae4j_context* context) {
  return context == nullptr ? "" : context->kernels.isa;
}

int vae4j_program_create(vae4j_context* context, vae4j_program** out) {
  return guarded([&] {
    require("program", "context", context);
    require("program", "out", out);
    *out = new vae4j_program{*context, {}};
  });
}

int vae4j_program_add(vae4j_program* program, const char* op, const char* names, const void* values,
                      size_t bytes) {
  return guarded([&] {
    require("program", "program", program);
    require("program", "op", op);
    require(op, "names", names);
    require(op, "values", values);
    vae4j::ThreadScope scope(program->context.threads);
    program->ops.push_back(vae4j::plan(program->context, op, names, values, bytes));
  });
}

int vae4j_program_run(vae4j_program* program) {
  return guarded([&] {
    require("program", "program", program);
    vae4j::ThreadScope scope(program->context.threads);
    for (const Planned& op : program->ops) op->run();
  });
}

int vae4j_program_destroy(vae4j_program* program) {
  delete program;
  return VAE4J_OK;
}

}  // extern "C"
