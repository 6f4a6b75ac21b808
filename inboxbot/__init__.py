"""inboxbot: reads demand letters as they arrive by mail and files a careful draft reply; it never sends."""

__version__ = "0.1.0"
