// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.lt;

/**
 * The terms of a product: its rounding and its workspace.
 *
 * @param computeType the rounding of factors, a cublasComputeType_t
 * @param workspace address of its scratch memory; 0 for none. Products that may run in parallel
 *     have different ones
 * @param workspaceBytes the workspace's size
 */
record LtTerms(int computeType, long workspace, long workspaceBytes) {}
