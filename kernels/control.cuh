// SPDX-License-Identifier: Apache-2.0
// The numbers that change with each step, in device memory: io.github.vae4j.backend.op.Control.
// Kernels read them when they run, so that a graph is recorded once.
#pragma once

#define CONTROL_STEP 0
#define CONTROL_EPOCH 1
#define CONTROL_POSITION 2
#define CONTROL_LEARNING_RATE 3
#define CONTROL_BETA 4
#define CONTROL_CAPACITY 5
