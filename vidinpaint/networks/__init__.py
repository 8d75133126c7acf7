"""Networks: torch modules and nothing else; no NumPy pictures, no files.

A network that inpaints is called `network(image, mask)`: image float (N, 3, H, W) in [-1, 1], mask float (N, 1, H, W),
1 = inpaint, H and W multiples of `network.multiple`. What image holds under the mask is the start, chosen by the
caller: grey (zero), or a smooth fill where the network is `residual`, i.e. adds what it makes to the start. One network
a file, under the name of the file, so that a file of weights can say which network it is for.
"""
