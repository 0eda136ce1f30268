#!/usr/bin/env python3
"""Checks that every #include under src/ follows the dependency map. Prints each violation."""

import pathlib
import re
import sys

# Folder of src/core -> the folders it may include. docs/ARCHITECTURE.md explains the map.
BASE = {"base"}
CODEC = BASE | {"codec"}
EDGE = CODEC | {"crypto", "http", "net"}
PURE = EDGE | {"jose", "policy"}
STATE = PURE | {"oauth", "keys", "audit"}
WHO = STATE | {"identity"}
MAY_USE = {
    "base": set(),
    "codec": BASE,
    "crypto": CODEC,
    "http": CODEC,
    "net": CODEC,
    "jose": CODEC | {"crypto"},
    "policy": CODEC | {"crypto"},
    "analysis": CODEC | {"policy"},
    "lint": CODEC | {"policy", "analysis"},
    "policytest": CODEC | {"policy", "analysis"},
    "oauth": PURE,
    "keys": PURE,
    "audit": PURE,
    "trail": CODEC | {"audit"},
    "chart": CODEC | {"audit", "trail"},
    "identity": STATE,
    "config": WHO,  # on identity's line; fills identity::Settings
    "token": WHO | {"config"},
    "devidp": WHO | {"config", "token"},
}

# Third-party header -> the only places that may include it.
FENCES = {
    r"<openssl/": ["src/core/crypto/", "src/core/net/tls"],
    r"<curl/": ["src/core/http/curl_"],
    r"<boost/": ["src/core/net/"],
    r"<CLI/": ["src/cli/parse.cpp"],
    r"<toml\+\+/": ["src/core/codec/toml"],
    r"<nlohmann/": ["src/core/codec/json_"],
}

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<][^">]+[">])', re.MULTILINE)


def violations(root):
    for path in sorted((root / "src").rglob("*.[ch]pp")):
        name = path.relative_to(root).as_posix()
        folder = path.relative_to(root).parts[2] if name.startswith("src/core/") else None
        if folder is not None and folder not in MAY_USE:
            yield f"{name}: the folder {folder} is not in the map"
            continue
        for target in INCLUDE.findall(path.read_text()):
            for pattern, places in FENCES.items():
                if re.match(pattern, target) and not any(name.startswith(p) for p in places):
                    yield f"{name}: {target} belongs in {' or '.join(places)}"
            ours = re.match(r'"(core|cli)/(\w+)', target)
            if target.startswith('"') and ours is None:
                yield f"{name}: write {target} from src/, as in \"core/...\""
            if folder is None or ours is None:
                continue
            if ours[1] == "cli":
                yield f"{name}: src/core must not know src/cli"
            elif ours[2] != folder and ours[2] not in MAY_USE[folder]:
                yield f"{name}: {folder} must not use {ours[2]}"
            elif target == '"core/crypto/ossl.hpp"' and folder != "crypto":
                yield f"{name}: ossl.hpp is private to core/crypto"


def main():
    found = list(violations(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
    print("\n".join(found) or "layers and fences hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
