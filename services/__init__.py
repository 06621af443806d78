"""What the business does: one module per noun, read as ``activities.end(work, ...)``."""
