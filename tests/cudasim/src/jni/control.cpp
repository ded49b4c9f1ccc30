// SPDX-License-Identifier: Apache-2.0
// The control functions for Java: io.github.vae4j.cudasim.CudaSim.
#include <jni.h>

#include <string>

#include "../driver/control.h"

namespace {

std::string text(JNIEnv* env, jstring value) {
  const char* chars = env->GetStringUTFChars(value, nullptr);
  std::string out(chars);
  env->ReleaseStringUTFChars(value, chars);
  return out;
}

jstring fetch(JNIEnv* env, int (*get)(char*, int)) {
  std::string out(static_cast<size_t>(get(nullptr, 0)), '\0');
  get(out.data(), static_cast<int>(out.size()));
  return env->NewStringUTF(out.c_str());
}

} // namespace

#define METHOD(type, name) extern "C" JNIEXPORT type JNICALL Java_io_github_vae4j_cudasim_CudaSim_##name

METHOD(jint, setFaults0)(JNIEnv* env, jclass, jstring faults) { return cudasim_set_faults(text(env, faults).c_str()); }
METHOD(jint, setSwitches0)(JNIEnv* env, jclass, jstring switches) {
  return cudasim_set_switches(text(env, switches).c_str());
}
METHOD(void, newProcess0)(JNIEnv*, jclass) { cudasim_new_process(); }
METHOD(void, resetCounts0)(JNIEnv*, jclass) { cudasim_reset_counts(); }
METHOD(void, profileKernels0)(JNIEnv*, jclass, jboolean on) { cudasim_profile_kernels(on ? 1 : 0); }
METHOD(jstring, profileJson0)(JNIEnv* env, jclass) { return fetch(env, cudasim_profile_json); }
METHOD(jstring, report0)(JNIEnv* env, jclass) { return fetch(env, cudasim_report); }
METHOD(void, clearReport0)(JNIEnv*, jclass) { cudasim_clear_report(); }
METHOD(jint, setOption0)(JNIEnv* env, jclass, jstring name, jlong value) {
  return cudasim_set_option(text(env, name).c_str(), value);
}
