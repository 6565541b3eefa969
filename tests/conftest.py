"""What holds for all tests."""

from hypothesis import settings

# The same examples every time, whoever runs them: a failure is a failure for everyone, and no run is unlucky.
settings.register_profile("same", derandomize=True, deadline=None)
settings.load_profile("same")
