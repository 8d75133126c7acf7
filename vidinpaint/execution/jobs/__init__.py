"""Jobs: one clip through one pipeline, in pieces that any worker can do: plan, inpaint a window, finish."""
