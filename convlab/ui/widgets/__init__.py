"""Small widgets, one file each. Only image_view and plot_view know pyqtgraph."""
