"""For every test: hypothesis judges behaviour, not the speed of the machine it happens to run on; and runs do without second opinions,
which take seconds each, unless a test is about them."""

import os

from hypothesis import settings

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")

os.environ.setdefault("YUSUAN_SECOND_OPINION", "0")
