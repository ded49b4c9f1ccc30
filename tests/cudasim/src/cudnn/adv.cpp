// SPDX-License-Identifier: Apache-2.0
// libcudnn_adv: the JNI library needs the file, the backend none of its functions.
#include "dnn.h"

DNN_API cudnnAdvVersionCheck() {
  DNN_ENTER();
  return dnn::kSuccess;
}
