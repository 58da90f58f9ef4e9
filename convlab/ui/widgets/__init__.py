"""Small widgets, one file each. Only image_view knows pyqtgraph."""
