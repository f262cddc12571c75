#!/usr/bin/env python3
"""Writes the licences of everything that is in the program: of each crate, with the texts that it brings, and of what comes with the
compiler. Texts that are the same but for their white space are written once.

    .ci/licences.py TARGET... > THIRD-PARTY

Only what is linked into the program counts: no crate that is needed to build it, or to test it. Fails if a crate names no licence.
"""

import collections
import json
import pathlib
import re
import subprocess
import sys

# What is linked and is no crate.
BESIDE = """\
The standard library of Rust: MIT OR Apache-2.0, copyright the Rust Project contributors; with LLVM's libunwind and compiler-rt:
Apache-2.0 WITH LLVM-exception. Static programs hold musl: MIT, copyright 2005-2020 Rich Felker and others. Crates bring these
libraries in C: SQLite (public domain), Zstandard (BSD-3-Clause, copyright Meta Platforms, Inc. and affiliates), mimalloc (MIT,
copyright 2018-2025 Microsoft Corporation and Daan Leijen), and parts of BoringSSL (see ring).

No crate was changed: the source of each is in Rust's public registry under its name and version, also of those under the MPL-2.0.
"""

# Of a pair of licences to choose from, only the text that was chosen needs to be there.
NAMES = re.compile(r"^(licen[cs]e|copying|copyright|notice|unlicense|unicode)", re.IGNORECASE)


def cargo(*arguments):
    return subprocess.run(["cargo", *arguments], check=True, capture_output=True, text=True).stdout


def linked(targets):
    """The ids, as `name version`, of the crates that are linked into the program."""
    found = set()
    for target in targets:
        tree = cargo("tree", "--locked", "--edges", "normal,no-proc-macro", "--target", target, "--prefix", "none", "--format", "{p}")
        for line in tree.splitlines():
            if line:
                name, version = line.split()[:2]
                found.add((name, version.removeprefix("v")))
    return found


def texts(folder):
    """The files of a crate that tell its licence. Of two that may be chosen from, MIT is what dateline is under, too."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and NAMES.match(path.name))
    files += sorted(path for path in folder.glob("LICENSES/*") if path.is_file())
    names = [path.name.lower() for path in files]
    if any("mit" in name for name in names):
        files = [path for path in files if not re.search("apache|unlicense", path.name.lower())]
    return [path.read_text(errors="replace").strip() for path in files]


def main(targets):
    wanted = linked(targets)
    packages = json.loads(cargo("metadata", "--locked", "--format-version", "1"))["packages"]
    crates, by_text, sample = [], collections.defaultdict(list), {}
    for package in packages:
        if (package["name"], package["version"]) not in wanted or package["name"] == "dateline":
            continue
        name = f"{package['name']} {package['version']}"
        if not package["license"]:
            sys.exit(f"{name} names no licence")
        by = ", ".join(re.sub(r"\s*<[^>]*>", "", author) for author in package["authors"])
        crates.append(f"{name}: {package['license']}" + (f"; {by}" if by else ""))
        for text in texts(pathlib.Path(package["manifest_path"]).parent):
            key = re.sub(r"\s+", " ", text)
            sample.setdefault(key, text)
            by_text[key].append(name)
    print("Licences of what the program dateline is made of. Its own is in LICENSE, and those of its data are in NOTICE.\n")
    print(BESIDE)
    print(f"{len(crates)} crates, each with its licence and its authors:\n")
    print("\n".join(sorted(crates)))
    for key, names in sorted(by_text.items(), key=lambda item: item[1]):
        print(f"\n{'-' * 100}\n{', '.join(sorted(set(names)))}\n\n{sample[key]}")


main(sys.argv[1:])
