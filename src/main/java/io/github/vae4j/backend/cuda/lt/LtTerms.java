// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.lt;

/**
 * On which terms cuBLASLt computes a product.
 *
 * @param computeType how factors are rounded, a cublasComputeType_t
 * @param workspace address of what it may use beside the operands; 0 for nothing. Products that may
 *     run at the same time have different ones
 * @param workspaceBytes the workspace's size
 */
record LtTerms(int computeType, long workspace, long workspaceBytes) {}
