// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

/**
 * The sharpness of images: the variance of their Laplacian, averaged over images. Blur lowers it
 * and noise raises it: compare it with the data's.
 *
 * @param images of each kind
 * @param data of the rows
 * @param reconstructions of E[x | z = the posterior's mean]
 * @param samples of E[x|z] with z from the prior
 */
public record Sharpness(int images, double data, double reconstructions, double samples) {}
