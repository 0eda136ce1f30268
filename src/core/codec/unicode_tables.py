#!/usr/bin/env python3
"""Writes src/core/codec/unicode_tables.inc: unicode_tables.py [FILE]

The tables cover only the letters that names are written in. Canonical decompositions, combining classes
and lower case come from Python's unicodedata. Look-alikes come from UTS #39 (confusables.txt), through
ICU (Debian: libicu72). Run it again only for a newer Unicode version.
"""

import ctypes
import ctypes.util
import glob
import pathlib
import sys
import unicodedata

# Characters outside these ranges are left as they are. 0x3100 is the end of the kana.
NORMAL = range(0xC0, 0x3100)
LOWER = range(0xC0, 0x530)
LETTERS = [range(0x21, 0x250), range(0x250, 0x2B0), range(0x370, 0x530), range(0x2100, 0x2150),
           range(0x2160, 0x2180), range(0xFF01, 0xFF5F)]


class Icu:
    def __init__(self):
        path = sorted(glob.glob("/usr/lib/*/libicui18n.so.*"))[0]
        self.version = path.rsplit(".so.", 1)[1].split(".")[0]
        self.library = ctypes.CDLL(path)
        error = ctypes.c_int(0)
        opened = self.library["uspoof_open_" + self.version]
        opened.restype = ctypes.c_void_p
        self.checker = opened(ctypes.byref(error))
        if error.value > 0:
            sys.exit(f"ICU: error {error.value}")
        uc = ctypes.CDLL(sorted(glob.glob("/usr/lib/*/libicuuc.so.*"))[0])
        numbers = (ctypes.c_uint8 * 4)()
        uc["u_getUnicodeVersion_" + self.version](numbers)
        self.unicode = f"{numbers[0]}.{numbers[1]}.{numbers[2]}"

    def skeleton(self, text):
        error = ctypes.c_int(0)
        out = ctypes.create_string_buffer(256)
        data = text.encode()
        self.library["uspoof_getSkeletonUTF8_" + self.version](
            ctypes.c_void_p(self.checker), 0, data, len(data), out, 256, ctypes.byref(error))
        if error.value > 0:
            sys.exit(f"ICU: error {error.value} for {text!r}")
        return out.value.decode()


def decompositions():
    for code in NORMAL:
        parts = unicodedata.decomposition(chr(code)).split()
        if not parts or parts[0].startswith("<") or 0xAC00 <= code <= 0xD7A3:
            continue
        codes = [int(part, 16) for part in parts] + [0]
        composes = unicodedata.normalize("NFC", chr(code)) == chr(code)
        yield code, codes[0], codes[1], composes


def classes():
    for code in NORMAL:
        number = unicodedata.combining(chr(code))
        if number:
            yield code, number


def ranges(pairs):
    """Joins neighbouring codes that have the same value into (first, last, value)."""
    run = None
    for code, value in pairs:
        if run and code == run[1] + 1 and value == run[2]:
            run[1] = code
            continue
        if run:
            yield tuple(run)
        run = [code, code, value]
    if run:
        yield tuple(run)


def looks(icu):
    for letters in LETTERS:
        for code in letters:
            if unicodedata.category(chr(code)) == "Cn":
                continue
            plain = unicodedata.normalize("NFD", chr(code))
            if len(plain) > 1:
                continue  # each of its parts is looked up on its own
            skeleton = icu.skeleton(chr(code))
            if skeleton not in (plain, ""):
                yield code, skeleton


def lower():
    for code in LOWER:
        small = chr(code).lower()
        if small != chr(code) and len(small) == 1:
            yield code, ord(small)


def escaped(text):
    return "".join(f"\\U{ord(c):08X}" if ord(c) > 0x7E or c in '"\\' else c for c in text)


def table(declaration, rows):
    rows = list(rows)
    print(f"constexpr {declaration}[] = {{")
    line = "   "
    for row in rows:
        if len(line) + len(row) > 98:
            print(line)
            line = "   "
        line += " " + row + ","
    print(line)
    print("};")


def main():
    icu = Icu()
    print(f"""// Made by src/core/codec/unicode_tables.py; do not edit.
// Decompositions, combining classes and lower case: Unicode {unicodedata.unidata_version}, UnicodeData.txt.
// Look-alikes: Unicode {icu.unicode}, confusables.txt of UTS #39, through ICU {icu.version}.
// Data files Copyright (c) Unicode, Inc., under the Unicode licence:
// https://www.unicode.org/license.txt
// clang-format off""")
    table("Decomposition kDecompositions", (
        f"{{0x{c:X}, 0x{a:X}, 0x{b:X}, {'true' if y else 'false'}}}" for c, a, b, y in decompositions()))
    table("CombiningClass kCombiningClasses", (
        f"{{0x{a:X}, 0x{b:X}, {n}}}" for a, b, n in ranges(classes())))
    table("Look kLooks", (f'{{0x{c:X}, U"{escaped(s)}"}}' for c, s in looks(icu)))
    table("Lower kLower", (f"{{0x{c:X}, 0x{s:X}}}" for c, s in lower()))
    print("// clang-format on")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.stdout = pathlib.Path(sys.argv[1]).open("w")
    main()
