"""Everything that is fuzzed, one after the other: ``python -m tests.fuzz``, or ``make fuzz``.

Atheris on the PNG reader, mutated bodies on the application, schemathesis on the whole OpenAPI surface of a running
server.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.models import write_models
from tests.processes import serving

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,unsupported_method"
)


def main() -> None:
    """Run all three; the first that fails ends it."""
    parser = argparse.ArgumentParser(description="Fuzz the PNG reader, the application and a running server.")
    parser.add_argument("--seconds", type=int, default=60, help="for the PNG reader (default %(default)s)")
    parser.add_argument("--runs", type=int, default=100_000, help="of mutated bodies (default %(default)s)")
    parser.add_argument("--examples", type=int, default=300, help="for each operation (default %(default)s)")
    options = parser.parse_args()
    python("tests.fuzz.coverage", f"-max_total_time={options.seconds}", "-verbosity=0")
    python("tests.fuzz.bodies", f"--runs={options.runs}")
    with tempfile.TemporaryDirectory() as folder, serving(DIGITS_MODELS=str(write_models(Path(folder)))) as url:
        schema, checks = f"{url}/openapi.json", f"--checks={CHECKS}"
        python("schemathesis.cli", "run", schema, checks, f"--max-examples={options.examples}", "--no-color")


def python(module: str, *arguments: str) -> None:
    """Run a module as a command, and end where it fails."""
    print(f"\n{module} {' '.join(arguments)}", flush=True)
    if code := subprocess.run([sys.executable, "-m", module, *arguments], check=False).returncode:
        sys.exit(code)


if __name__ == "__main__":
    main()
