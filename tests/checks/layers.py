#!/usr/bin/env python3
"""Checks that every #include under src/ follows the layers. Prints each violation.

The layers of src/core are written down in one place: the USES of each folder's CMakeLists.txt. A
folder may include only the folders in its USES, must include each of them, and USES must not form a
cycle. src/cli has one folder per noun; see may_include_cli."""

import pathlib
import re
import sys

# Third-party header -> the only places that may include it.
FENCES = {
    r"<openssl/": ["src/core/crypto/", "src/core/net/tls"],
    r"<curl/": ["src/core/http/curl_"],
    r"<boost/": ["src/core/net/"],
    r"<fmt/": ["src/core/codec/format"],
    r"<CLI/": ["src/cli/frame/parse.cpp"],
    r"<toml\+\+/": ["src/core/codec/toml"],
    r"<nlohmann/": ["src/core/codec/json_"],
}
# Headers that are private to their folder.
PRIVATE = {"core/crypto/ossl.hpp": "crypto"}

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<][^">]+[">])', re.MULTILINE)
MODULE = re.compile(r"mcpauth_module\((\S+)(.*?)\)", re.DOTALL)
SECTIONS = re.compile(r"\b(SOURCES|HEADERS|USES|LINKS)\b")


def read_uses(root):
    """Folder of src/core -> the folders in its USES."""
    uses = {}
    for path in sorted((root / "src/core").rglob("CMakeLists.txt")):
        for folder, body in MODULE.findall(re.sub(r"#[^\n]*", "", path.read_text())):
            parts = SECTIONS.split(body)
            named = dict(zip(parts[1::2], parts[2::2]))
            uses[folder] = set(named.get("USES", "").split())
            if path.parent != root / "src/core" / folder:
                raise SystemExit(f"{path.relative_to(root)}: declares the module of another folder, {folder}")
    return uses


def cycles(uses):
    """A message for each folder that uses itself through others."""
    for start in sorted(uses):
        reached, todo = set(), list(uses[start])
        while todo:
            folder = todo.pop()
            if folder not in reached:
                reached.add(folder)
                todo.extend(uses.get(folder, ()))
        if start in reached:
            yield f"src/core/{start}: USES form a cycle through this folder"


def folder_of(target, uses):
    """The module of a path below src/core/: the innermost folder that is one."""
    parts = target.split("/")[:-1]
    while parts and "/".join(parts) not in uses:
        parts.pop()
    return "/".join(parts) or None


def may_include_cli(name, target):
    """A noun's folder may include frame/ and itself; frame/ only itself. The files directly in src/cli
    (the table of commands and main) may include frame/."""
    mine, theirs = (path.split("/")[1:-1] for path in (name.removeprefix("src/"), target))
    return theirs in (["frame"], mine)


def fence_problems(name, target):
    for pattern, places in FENCES.items():
        if re.match(pattern, target) and not any(name.startswith(place) for place in places):
            yield f"{name}: {target} belongs in {' or '.join(places)}"


def core_problems(name, folder, target, uses, used):
    theirs = folder_of(target.removeprefix("core/"), uses)
    if theirs is None:
        yield f"{name}: {target} is in a folder without a CMakeLists.txt"
    elif folder is not None and theirs != folder:
        used.setdefault(folder, set()).add(theirs)
        if theirs not in uses[folder]:
            yield f"{name}: {folder} must not use {theirs}"
    if PRIVATE.get(target, folder) != folder:
        yield f"{name}: {target} is private to core/{PRIVATE[target]}"


def violations(root):
    uses, used = read_uses(root), {}
    yield from cycles(uses)
    for path in sorted((root / "src").rglob("*.[ch]pp")):
        name = path.relative_to(root).as_posix()
        folder = folder_of(name.removeprefix("src/core/"), uses) if name.startswith("src/core/") else None
        if name.startswith("src/core/") and folder is None:
            yield f"{name}: this folder has no CMakeLists.txt"
            continue
        for quoted in INCLUDE.findall(path.read_text()):
            yield from fence_problems(name, quoted)
            target = quoted.strip('"<>')
            if quoted.startswith('"') and not target.startswith(("core/", "cli/")):
                yield f"{name}: write the path of {quoted} from src/, as in \"core/...\""
            elif target.startswith("core/") and quoted.startswith('"'):
                yield from core_problems(name, folder, target, uses, used)
            elif target.startswith("cli/") and folder is not None:
                yield f"{name}: src/core must not include src/cli"
            elif target.startswith("cli/") and not may_include_cli(name, target):
                yield f"{name}: must not include {target}"
    for folder in sorted(uses):
        for spare in sorted(uses[folder] - used.get(folder, set())):
            yield f"src/core/{folder}/CMakeLists.txt: remove {spare} from USES: nothing here includes it"


def main():
    found = list(violations(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
    print("\n".join(found) or "layers and fences hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
