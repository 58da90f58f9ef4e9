"""Where frames come from: camera, video, still, pattern, drawing. No Qt, no threads."""
