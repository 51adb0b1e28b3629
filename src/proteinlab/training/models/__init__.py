"""Architectures: plain `nn.Module`s from tokens to outputs, apart from how they are trained."""
