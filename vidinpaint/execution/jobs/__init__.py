"""Jobs: one clip through one pipeline, divided into tasks for any worker: plan, inpaint a window, finish."""
