"""Networks: torch modules only, without NumPy arrays and without files.

A network that inpaints is called `network(image, mask)`: image float (N, 3, H, W) in [-1, 1], mask float (N, 1, H, W),
1 = inpaint, H and W multiples of `network.multiple`. The values of the image under the mask are the start, chosen by
the caller: grey (zero), or smooth interpolation if the network is `residual`, that is, adds its output to the start.
Each network has a file of its own, whose name stands for it in files of weights; other files hold layers.
"""
