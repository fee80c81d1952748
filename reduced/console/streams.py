"""Standard output and error that never end a run: closed ones, pipes that nobody reads, and narrow encodings."""

import contextlib
import os
import sys
import warnings
from collections.abc import Iterator
from typing import Any


class Lasting:
    """A text stream that is silent once its reader is gone; everything else is the stream's own."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write, or do nothing where nobody reads."""
        with self._reader_may_go():
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush, or do nothing where nobody reads."""
        with self._reader_may_go():
            self._stream.flush()

    @contextlib.contextmanager
    def _reader_may_go(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)


@contextlib.contextmanager
def lasting() -> Iterator[None]:
    """Streams that outlive their readers, and warnings of one line, while a script runs."""
    before = sys.stdout, sys.stderr
    with contextlib.ExitStack() as stack:
        for name in ("stdout", "stderr"):
            stream = getattr(sys, name) or stack.enter_context(open(os.devnull, "w", encoding="utf-8"))
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
            setattr(sys, name, Lasting(stream))
        stack.enter_context(warnings.catch_warnings())
        warnings.showwarning = lambda message, *_: print(f"warning: {message}", file=sys.stderr)
        try:
            yield
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            sys.stdout, sys.stderr = before
