# SPDX-License-Identifier: Apache-2.0
import json
import pathlib

import torch
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import load_file
from torch import nn


def same(x):
    return x


def flat(x):
    """An image as a flat row, channel by channel."""
    return x.flatten(1)


def image(x):
    """A row of codes as an image of one pixel."""
    return x if x.dim() == 4 else x[:, :, None, None]


class Layers(nn.Module):
    """Layers in a row, named 0, 1, ..., each with functions before and after it."""

    def __init__(self, *layers):
        super().__init__()
        self.functions = []
        for number, (before, module, after) in enumerate(layers):
            self.add_module(str(number), module)
            self.functions.append((before, str(number), after))

    def forward(self, x):
        for before, name, after in self.functions:
            x = after(getattr(self, name)(before(x)))
        return x


class Residual(Layers):
    """The sum of the layers' output and of the input, which a convolution brings to its shape."""

    def __init__(self, *layers, shortcut=None, before=same):
        super().__init__(*layers)
        self.before = before
        if shortcut is not None:
            self.shortcut = shortcut

    def forward(self, x):
        short = self.before(x)
        if hasattr(self, "shortcut"):
            short = self.shortcut(short)
        return super().forward(x) + short


class Activation(nn.Module):
    """A function as a layer of its own."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class Attention(nn.MultiheadAttention):
    """Self-attention of an image's pixels."""

    def __init__(self, channels, heads):
        super().__init__(channels, heads, batch_first=True)

    def forward(self, x):
        rows = x.flatten(2).transpose(1, 2)
        y = super().forward(rows, rows, rows, need_weights=False)[0]
        return y.transpose(1, 2).reshape(x.shape)


class Shuffle(nn.Module):
    """Blocks of channels as blocks of f x g pixels; the inverse is the way back."""

    def __init__(self, f, g, inverse):
        super().__init__()
        self.f, self.g, self.inverse = f, g, inverse

    def forward(self, x):
        f, g = self.f, self.g
        n, c, h, w = x.shape
        if self.inverse:
            x = x.reshape(n, c, h // f, f, w // g, g).permute(0, 1, 3, 5, 2, 4)
            return x.reshape(n, c * f * g, h // f, w // g)
        x = x.reshape(n, c // (f * g), f, g, h, w).permute(0, 1, 4, 2, 5, 3)
        return x.reshape(n, c // (f * g), h * f, w * g)


class Parameters(nn.Module):
    """Parameters that belong to no layer."""

    def __init__(self, **shapes):
        super().__init__()
        for name, shape in shapes.items():
            setattr(self, name, nn.Parameter(torch.zeros(shape)))


