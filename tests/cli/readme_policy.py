#!/usr/bin/env python3
"""README's policy and those below examples/ pass the formatter, and README's the linter without a finding."""
import glob
import os
import re
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(sys.argv[1])
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def passes(*args: str) -> bool:
    run = subprocess.run([PROGRAM, "rbac", *args], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if run.returncode != 0:
        print(f"{args}: status {run.returncode}\n{run.stdout}{run.stderr}")
    return run.returncode == 0


def main() -> int:
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
        blocks = re.findall(r"^```toml\n(version = 1\n.*?)^```$", file.read(), re.DOTALL | re.MULTILINE)
    if not blocks:
        print("README.md shows no policy")
        return 1
    good = True
    with tempfile.TemporaryDirectory() as folder:
        for number, block in enumerate(blocks):
            policy = os.path.join(folder, f"{number}.toml")
            with open(policy, "w", encoding="utf-8") as file:
                file.write(block)
            good = passes("fmt", "--check", policy) and good
            good = passes("lint", policy) and good
    policies = glob.glob(os.path.join(ROOT, "examples/policies/*/*.toml"))
    policies.append(os.path.join(ROOT, "examples/quickstart/rbac.toml"))
    for policy in sorted(policies):
        good = passes("fmt", "--check", policy) and good
    return 0 if good else 1


sys.exit(main())
