"""Networks: torch modules and nothing else; no NumPy pictures, no files.

A net that paints is called `net(image, hole)`: image float (N, 3, H, W) in [-1, 1], hole float (N, 1, H, W), 1 = paint,
H and W multiples of `net.multiple`. What image holds under the hole is the start, chosen by the caller: grey (zero), or
a smooth fill where the net is `residual`, i.e. adds what it makes to the start. One net a file, under the name of the
file, so that a file of weights can say which net it is for.
"""
