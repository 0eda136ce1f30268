#!/usr/bin/env python3
"""Adds up test results: tally.py REPORT.xml... [--also PASSED FAILED SKIPPED]

Prints each failed and each skipped test, the latter with its reason, then one line with the sums and
the reasons. Exit status 1 if a test failed or none ran."""

import re
import sys
import xml.etree.ElementTree as ElementTree


def reason(case):
    output = case.findtext("system-out") or ""
    said = re.findall(r"(?im)^.*\bskipp?ed?:\s*(.+)$", output)
    skipped = case.find("skipped")
    return said[0].strip() if said else (skipped.get("message") or "no reason given")


def main(arguments):
    passed = failed = skipped = 0
    reasons = []
    if "--also" in arguments:
        at = arguments.index("--also")
        passed, failed, skipped = (int(n) for n in arguments[at + 1:at + 4])
        arguments = arguments[:at]
    for report in arguments:
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            if case.find("failure") is not None or case.get("status") == "fail":
                failed += 1
                print(f"FAILED  {case.get('name')}")
            elif case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
                skipped += 1
                reasons.append(f"{case.get('name')}: {reason(case)}")
                print("SKIPPED " + reasons[-1])
            else:
                passed += 1
    why = f" ({'; '.join(reasons)})" if reasons else ""
    print(f"{passed} passed, {failed} failed, {skipped} skipped{why}")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
