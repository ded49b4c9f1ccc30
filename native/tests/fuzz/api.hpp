// SPDX-License-Identifier: Apache-2.0
// The functions of vae4j.h other than those of ops: wrong arguments, and objects in any number.
#pragma once

#include <cstdint>
#include <thread>

#include "case.hpp"
#include "report.hpp"

namespace fuzz {

inline void memory(Random& random) {
  now() = "memory";
  void* out = nullptr;
  expect_status(CALL(vae4j_allocate, 8, nullptr), VAE4J_INVALID_ARGUMENT,
                "allocate: out: expected a pointer, given NULL");
  for (size_t bytes : {SIZE_MAX, SIZE_MAX - 63, SIZE_MAX >> 1, size_t{1} << 62, size_t{1} << 48}) {
    expect_status(CALL(vae4j_allocate, bytes, &out), VAE4J_OUT_OF_MEMORY, "out of memory");
    expect(out == nullptr, "no memory");
  }
  for (int i = 0; i < 50; i++) {
    auto bytes = static_cast<size_t>(random.chance(10) ? random.between(0, 5 << 20)
                                                       : random.between(0, 300));
    expect_status(CALL(vae4j_allocate, bytes, &out), VAE4J_OK, "");
    char* at = static_cast<char*>(out);
    expect(reinterpret_cast<uintptr_t>(at) % 64 == 0, "memory aligned to 64 bytes");
    expect(std::all_of(at, at + bytes, [](char byte) { return byte == 0; }), "zeroed memory");
    std::vector<char> source(bytes, 'x');
    expect_status(CALL(vae4j_copy, at, source.data(), bytes),
                  bytes == 0 ? VAE4J_INVALID_ARGUMENT : VAE4J_OK, "");
    expect(std::equal(source.begin(), source.end(), at), "the copied bytes");
    expect_status(CALL(vae4j_copy, at, nullptr, bytes), VAE4J_INVALID_ARGUMENT,
                  "copy: source: expected a pointer, given NULL");
    expect_status(CALL(vae4j_copy, nullptr, at, bytes), VAE4J_INVALID_ARGUMENT,
                  "copy: target: expected a pointer, given NULL");
    expect_status(CALL(vae4j_free, at), VAE4J_OK, "");
    out = nullptr;
  }
  expect_status(CALL(vae4j_free, nullptr), VAE4J_OK, "");
}

inline void contexts(Random& random) {
  now() = "contexts";
  vae4j_context* context = nullptr;
  for (int64_t value : hostile_integers()) {
    auto given = static_cast<int>(static_cast<uint32_t>(static_cast<uint64_t>(value)));
    std::string text = std::to_string(given);
    if (given < 0 || given > 1024) {
      expect_status(CALL(vae4j_context_create, given, VAE4J_FP32, nullptr, &context),
                    VAE4J_INVALID_ARGUMENT,
                    "context: threads: expected 0 (all cores) to 1024, given " + text);
    }
    if (given < 0 || given > 2) {
      expect_status(CALL(vae4j_context_create, 1, given, nullptr, &context), VAE4J_INVALID_ARGUMENT,
                    "context: precision: expected 0, 1 or 2, given " + text);
    }
  }
  for (const std::string& isa : {std::string("AVX2"), std::string("sse"), std::string(9999, 'a')}) {
    expect_status(CALL(vae4j_context_create, 1, VAE4J_FP32, isa.c_str(), &context),
                  VAE4J_INVALID_ARGUMENT,
                  "context: isa: expected avx512, avx2 or baseline, given ");
  }
  expect_status(CALL(vae4j_context_create, 1, VAE4J_FP32, nullptr, nullptr), VAE4J_INVALID_ARGUMENT,
                "context: out: expected a pointer, given NULL");
  expect(context == nullptr, "no context");
  for (int i = 0; i < 8; i++) {
    auto threads = static_cast<int>(random.between(0, 5));
    auto precision = static_cast<int>(random.between(VAE4J_FP32, VAE4J_BF16));
    const char* isa = random.of(std::vector<const char*>{nullptr, "", "baseline"});
    expect_status(CALL(vae4j_context_create, threads, precision, isa, &context), VAE4J_OK, "");
    int used = 0;
    expect_status(CALL(vae4j_context_threads, context, &used), VAE4J_OK, "");
    expect(threads == 0 ? used >= 1 : used == threads, "the threads asked for");
    std::string name = CALL(vae4j_context_isa, context);
    expect(name == "baseline" || name == "avx2" || name == "avx512", "an instruction set");
    expect_status(CALL(vae4j_context_threads, context, nullptr), VAE4J_INVALID_ARGUMENT,
                  "context: out: expected a pointer, given NULL");
    expect_status(CALL(vae4j_context_destroy, context), VAE4J_OK, "");
  }
  int used = 0;
  expect_status(CALL(vae4j_context_threads, nullptr, &used), VAE4J_INVALID_ARGUMENT,
                "context: context: expected a pointer, given NULL");
  expect(*CALL(vae4j_context_isa, nullptr) == '\0', "no instruction set of NULL");
}

// Errors are of a thread, and never longer than their memory.
inline void errors(vae4j_context* context) {
  now() = "errors";
  expect(*CALL(vae4j_version) != '\0' && *CALL(vae4j_onednn_version) != '\0', "versions");
  vae4j_program* program = nullptr;
  expect_status(CALL(vae4j_program_create, context, nullptr), VAE4J_INVALID_ARGUMENT,
                "program: out: expected a pointer, given NULL");
  expect_status(CALL(vae4j_program_create, nullptr, &program), VAE4J_INVALID_ARGUMENT,
                "program: context: expected a pointer, given NULL");
  expect_status(CALL(vae4j_program_run, nullptr), VAE4J_INVALID_ARGUMENT,
                "program: program: expected a pointer, given NULL");
  expect_status(CALL(vae4j_program_destroy, nullptr), VAE4J_OK, "");
  expect_status(CALL(vae4j_program_create, context, &program), VAE4J_OK, "");
  std::string name(100000, '%');
  expect_status(CALL(vae4j_program_add, program, name.c_str(), "", name.data(), 8),
                VAE4J_INVALID_ARGUMENT, "program: op: expected one of gather, copy, ");
  std::string before = CALL(vae4j_last_error);
  expect(before.size() > 500 && before.size() < 1024, "a text that is cut");
  std::thread([] { expect(*CALL(vae4j_last_error) == '\0', "no error on another thread"); }).join();
  expect(before == vae4j_last_error(), "the error of this thread");
  expect_status(CALL(vae4j_program_destroy, program), VAE4J_OK, "");
}

// The arguments of vae4j_program_add beside the struct.
inline void struct_arguments(vae4j_program* program, const Case& op) {
  const std::string& id = op.table.id;
  const std::string& names = op.table.names;
  const void* values = op.values().data();
  size_t bytes = op.table.bytes;
  auto add = [&](vae4j_program* to, const char* name, const char* members, const void* from,
                 size_t size, const std::string& error) {
    expect_status(CALL(vae4j_program_add, to, name, members, from, size), VAE4J_INVALID_ARGUMENT,
                  error);
  };
  add(nullptr, id.c_str(), names.c_str(), values, bytes, "program: program: expected a pointer");
  add(program, nullptr, names.c_str(), values, bytes, "program: op: expected a pointer");
  add(program, id.c_str(), nullptr, values, bytes, id + ": names: expected a pointer");
  add(program, id.c_str(), names.c_str(), nullptr, bytes, id + ": values: expected a pointer");
  for (size_t size : {size_t{0}, size_t{8}, bytes - 8, bytes + 8, SIZE_MAX}) {
    add(program, id.c_str(), names.c_str(), values, size,
        id + ": bytes: expected " + std::to_string(bytes) + ", given " + std::to_string(size));
  }
  for (const std::string& members :
       {std::string(), names + ",", names.substr(1), "forward." + names, names + "," + names,
        std::string(20000, ',')}) {
    add(program, id.c_str(), members.c_str(), values, bytes, id + ": names: expected ");
  }
  for (const std::string& name : {std::string(), id + " ", id.substr(1), id + id}) {
    add(program, name.c_str(), names.c_str(), values, bytes, "program: op: expected one of gather");
  }
}

}  // namespace fuzz
