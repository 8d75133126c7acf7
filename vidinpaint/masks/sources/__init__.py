"""One file per kind of mask. A mask source is a class that has the name of its file and derives from `MaskSource`."""
