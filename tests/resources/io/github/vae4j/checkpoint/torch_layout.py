# SPDX-License-Identifier: Apache-2.0
"""The net of TorchLayoutTest in plain Python, by the definitions in PyTorch's documentation: images and
weights have the channels first, as in torch.nn. Prints the posterior's means and log variances for a row,
then the decoder's output for a code.

    python3 torch_layout.py > torch_layout.txt
"""
import math


def count(shape):
    return math.prod(shape)


def weights(name, *shape):
    """Values of a tensor: numbered in the order of its elements; those of a variance are above 0."""
    phase = sum(ord(c) for c in name)
    values = [math.sin(0.37 * i + phase) / 3 for i in range(count(shape))]
    return [1 + v for v in values] if name.endswith("running_var") else values


class Image:
    def __init__(self, channels, height, width, values=None):
        self.shape = (channels, height, width)
        self.values = values or [0.0] * (channels * height * width)

    def index(self, c, h, w):
        return (c * self.shape[1] + h) * self.shape[2] + w

    def get(self, c, h, w):
        inside = 0 <= h < self.shape[1] and 0 <= w < self.shape[2]
        return self.values[self.index(c, h, w)] if inside else 0.0

    def each(self, function):
        return Image(*self.shape, [function(v) for v in self.values])


def conv(x, name, channels, kernel, stride=1, padding=0, groups=1):
    inputs, height, width = x.shape
    kh, kw = kernel
    ph, pw = padding if isinstance(padding, tuple) else (padding, padding)
    per = inputs // groups
    weight = weights(name + ".weight", channels, per, kh, kw)
    bias = weights(name + ".bias", channels)
    y = Image(channels, (height + 2 * ph - kh) // stride + 1, (width + 2 * pw - kw) // stride + 1)
    for o in range(channels):
        first = o // (channels // groups) * per
        for p in range(y.shape[1]):
            for q in range(y.shape[2]):
                y.values[y.index(o, p, q)] = bias[o] + sum(
                    x.get(first + j, p * stride - ph + k, q * stride - pw + l)
                    * weight[((o * per + j) * kh + k) * kw + l]
                    for j in range(per) for k in range(kh) for l in range(kw))
    return y


def conv_transpose(x, name, channels, kernel, stride, padding, output_padding=0):
    inputs, height, width = x.shape
    weight = weights(name + ".weight", inputs, channels, kernel, kernel)
    bias = weights(name + ".bias", channels)
    y = Image(channels, *((n - 1) * stride - 2 * padding + kernel + output_padding for n in (height, width)))
    for o in range(channels):
        for p in range(y.shape[1]):
            for q in range(y.shape[2]):
                y.values[y.index(o, p, q)] = bias[o]
    for i in range(inputs):
        for h in range(height):
            for w in range(width):
                for o in range(channels):
                    for k in range(kernel):
                        for l in range(kernel):
                            p, q = h * stride - padding + k, w * stride - padding + l
                            if 0 <= p < y.shape[1] and 0 <= q < y.shape[2]:
                                y.values[y.index(o, p, q)] += (
                                    x.get(i, h, w) * weight[((i * channels + o) * kernel + k) * kernel + l])
    return y


def batch_norm(x, name):
    """In evaluation."""
    channels, height, width = x.shape
    parts = [weights(name + "." + part, channels) for part in ("weight", "bias", "running_mean", "running_var")]
    y = Image(*x.shape)
    for i, value in enumerate(x.values):
        scale, shift, mean, variance = (part[i // (height * width)] for part in parts)
        y.values[i] = (value - mean) / math.sqrt(variance + 1e-5) * scale + shift
    return y


def group_norm(x, name, groups):
    channels, height, width = x.shape
    scale, shift = weights(name + ".weight", channels), weights(name + ".bias", channels)
    size = len(x.values) // groups
    y = Image(*x.shape)
    for g in range(groups):
        part = x.values[g * size:(g + 1) * size]
        mean = sum(part) / size
        variance = sum((v - mean) ** 2 for v in part) / size
        for i, value in enumerate(part, g * size):
            c = i // (height * width)
            y.values[i] = (value - mean) / math.sqrt(variance + 1e-5) * scale[c] + shift[c]
    return y


def max_pool(x):
    channels, height, width = x.shape
    return Image(channels, height // 2, width // 2, [
        max(x.get(c, 2 * h + i, 2 * w + j) for i in (0, 1) for j in (0, 1))
        for c in range(channels) for h in range(height // 2) for w in range(width // 2)])


def pixel_shuffle(x):
    channels, height, width = x.shape
    y = Image(channels // 4, 2 * height, 2 * width)
    for c in range(channels // 4):
        for h in range(2 * height):
            for w in range(2 * width):
                y.values[y.index(c, h, w)] = x.get((c * 2 + h % 2) * 2 + w % 2, h // 2, w // 2)
    return y


def linear(values, name, outputs):
    weight, bias = weights(name + ".weight", outputs, len(values)), weights(name + ".bias", outputs)
    return [bias[o] + sum(v * weight[o * len(values) + i] for i, v in enumerate(values)) for o in range(outputs)]


def attention(x, name, heads):
    """torch.nn.MultiheadAttention(channels, heads) of the pixels as a sequence: for all three of query, key
    and value the same."""
    channels, height, width = x.shape
    pixels = [[x.get(c, h, w) for c in range(channels)] for h in range(height) for w in range(width)]
    weight = weights(name + ".in_proj_weight", 3 * channels, channels)
    bias = weights(name + ".in_proj_bias", 3 * channels)
    q, k, v = ([[bias[o] + sum(p[i] * weight[o * channels + i] for i in range(channels))
                 for o in range(part * channels, (part + 1) * channels)] for p in pixels] for part in range(3))
    y = Image(*x.shape)
    size = channels // heads
    for i, query in enumerate(q):
        attended = []
        for head in range(heads):
            own = range(head * size, (head + 1) * size)
            scores = [math.exp(sum(query[c] * key[c] for c in own) / math.sqrt(size)) for key in k]
            attended += [sum(s * value[c] for s, value in zip(scores, v)) / sum(scores) for c in own]
        for o, value in enumerate(linear(attended, name + ".out_proj", channels)):
            y.values[y.index(o, i // width, i % width)] = value
    return y


def relu(v):
    return max(v, 0.0)


def silu(v):
    return v / (1 + math.exp(-v))


def gelu(v):
    return v * 0.5 * (1 + math.erf(v / math.sqrt(2)))


def encode(x):
    x = conv(x, "encoder.0", 4, (3, 3), 2, 1)
    x = batch_norm(x, "encoder.1").each(relu)
    x = conv(x, "encoder.3", 6, (3, 1), 1, (1, 0), 2)
    x = group_norm(x, "encoder.4", 3).each(silu)
    x = max_pool(x)
    body = conv(x.each(silu), "encoder.7.1", 8, (3, 3), 1, 1)
    shortcut = conv(x, "encoder.7.shortcut", 8, (1, 1))
    x = Image(*body.shape, [a + b for a, b in zip(body.values, shortcut.values)])
    attended = attention(x, "encoder.8.0", 2)
    x = Image(*x.shape, [a + b for a, b in zip(attended.values, x.values)])
    hidden = [math.tanh(v) for v in linear(x.values, "encoder.10", 5)]
    return linear(hidden, "posterior", 4)


def decode(z):
    hidden = [math.tanh(v) for v in linear(z, "decoder.0", 12)]
    x = Image(3, 2, 2, hidden)
    x = conv_transpose(x, "decoder.2", 8, 3, 2, 1, 1).each(lambda v: v if v > 0 else 0.01 * v)
    x = pixel_shuffle(x)
    x = conv(x, "decoder.4", 4, (3, 3), 1, 1).each(gelu)
    return conv(x, "observation", 3, (3, 3), 1, 1).values


image = Image(3, 8, 8, [math.cos(0.61 * i) for i in range(192)])
for value in encode(image) + decode([0.5, -1.25]):
    print("%.9g" % value)
