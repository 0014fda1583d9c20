#!/usr/bin/env python3
"""Hold the exact versions in constraints.txt against the known vulnerabilities: .ci/audit.py, or `make audit`.

Ends with 1 where one of them has a vulnerability, or where pip-audit fails. Where the advisory service cannot be
reached, nothing is known of anything: that is said in one line, and is no failure.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

UNREACHABLE = re.compile(r"ConnectionError|ConnectTimeout|ReadTimeout|ProxyError|network may be blocking")
CONSTRAINTS = Path(__file__).parents[1] / "constraints.txt"


def main() -> None:
    """Ask pip-audit, and say what it found."""
    with tempfile.NamedTemporaryFile("r", suffix=".json") as report:
        command = [sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip", "--progress-spinner=off"]
        command += ["--timeout=10", "--format=json", f"--output={report.name}", f"--requirement={CONSTRAINTS}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        text = report.read()
    if not text and not UNREACHABLE.search(done.stderr):
        sys.exit(f"{done.stderr}audit: pip-audit failed")
    if not text:
        reason = done.stderr.strip().splitlines()[-1]
        print(f"audit: the advisory service cannot be reached, so NOTHING WAS AUDITED ({reason})")
        return
    found = json.loads(text)["dependencies"]
    known = [one for one in found if "skip_reason" not in one]
    bad = [one for one in known if one["vulns"]]
    for one in bad:
        for vulnerability in one["vulns"]:
            fixed = ", ".join(vulnerability["fix_versions"]) or "no version yet"
            print(f"audit: {one['name']} {one['version']}: {vulnerability['id']}, fixed in {fixed}")
    if not known:
        print("audit: the advisory service knows none of the packages, so NOTHING WAS AUDITED (no network?)")
    else:
        print(f"audit: {len(known)} of {len(found)} packages are known, {len(bad)} with vulnerabilities")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
