"""What picture files claim of themselves, read without decoding: one file a family of formats.

Decoders believe these claims and make room for them, so each length is checked against the file.
Nothing here decodes, and nothing here knows OpenCV.
"""
