// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

/**
 * The distances of a model's images from the data in a network's features: the squared Frechet
 * distance of Gaussians with the features' means and covariances (Heusel et al. 2017, "GANs trained
 * by a two time-scale update rule converge to a local Nash equilibrium", equation 6). With
 * Inception's pool3 features it is FID. The distance falls with the number of images: compare
 * distances for equal numbers only.
 *
 * @param images of each kind
 * @param features of each image
 * @param reconstructions from E[x | z = the posterior's mean] to the data
 * @param samples from E[x|z], z from the prior, to the data
 */
public record FrechetDistances(int images, int features, double reconstructions, double samples) {}
