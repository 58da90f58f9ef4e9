"""Where frames come from: camera, video, still, pattern; one protocol. No Qt, no threads."""
