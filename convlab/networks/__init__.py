"""Networks that run as a whole: layers as nodes of ONNX, and the runners that pick a way."""
