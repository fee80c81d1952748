import signal

import pytest


@pytest.fixture(autouse=True)
def ctrl_c_is_heard():
    """A shell starts its background jobs deaf to SIGINT, and so would be all that these tests start."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
