// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import org.jspecify.annotations.Nullable;

/**
 * On which terms cuBLASLt computes a product.
 *
 * @param computeType how factors are rounded, a cublasComputeType_t
 * @param workspace what it may use beside the operands; null for nothing. Products that may run at
 *     the same time have different ones
 */
record LtTerms(int computeType, @Nullable DeviceAllocation workspace) {}
