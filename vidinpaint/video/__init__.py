"""Video: reads and writes clips as files, folders of images or arrays. No other package imports PyAV."""
