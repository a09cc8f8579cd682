"""For every test: hypothesis judges behaviour, not the speed of the machine it happens to run on."""

from hypothesis import settings

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")
