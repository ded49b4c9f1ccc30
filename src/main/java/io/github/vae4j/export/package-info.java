// SPDX-License-Identifier: Apache-2.0
/** Models for other programs: graphs in ONNX, modules for PyTorch. */
@NullMarked
package io.github.vae4j.export;

import org.jspecify.annotations.NullMarked;
