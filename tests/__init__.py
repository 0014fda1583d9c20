"""The tests, and beside them what they share: its assertions are told in full as well."""

import pytest

pytest.register_assert_rewrite(
    "tests.problems", "tests.connections", "tests.processes", "tests.waiting", "tests.frames", "tests.e2e.page"
)
