#!/usr/bin/env python3
"""Generates src/Chat.PostOffice/Texts/confusables.txt, which Skeleton.cs reads, from two files of the Unicode Character Database:

    eng/confusables.py confusables.txt UnicodeData.txt > src/Chat.PostOffice/Texts/confusables.txt

confusables.txt is part of Unicode Technical Standard 39 (https://www.unicode.org/Public/security/). UnicodeData.txt is part of the database
itself (https://www.unicode.org/Public/UCD/latest/ucd/, Debian package unicode-data).

The framework's normalization does nothing under InvariantGlobalization. So canonical decomposition is built into the table, as is the
decomposition of letters in another width or style. Each line has the characters that others look like, then those others. Lines that begin
with "ccc" contain the canonical combining class of marks, which decides their order.
"""

import re
import sys

# Letters in another width or style, which the standard expects an earlier step to handle.
VARIANTS = {"<wide>", "<narrow>", "<font>"}
HANGUL = range(0xAC00, 0xD7A4)


def read_database(path):
    decomposition, classes = {}, {}
    for line in open(path, encoding="ascii"):
        field = line.split(";")
        code = int(field[0], 16)
        tag, parts = re.fullmatch(r"(<\w+>)? ?(.*)", field[5]).groups()
        if parts and (tag is None or tag in VARIANTS):
            decomposition[code] = [int(one, 16) for one in parts.split()]
        if field[3] != "0":
            classes[code] = int(field[3])
    return decomposition, classes


def read_confusables(path):
    prototypes, version = {}, "?"
    for line in open(path, encoding="utf-8-sig"):
        if line.startswith("# Version:"):
            version = line.split(":")[1].strip()
        field = line.split("#")[0].split(";")
        if len(field) >= 3:
            prototypes[int(field[0], 16)] = [int(one, 16) for one in field[1].split()]
    return prototypes, version


def main(confusables, database):
    decomposition, classes = read_database(database)
    prototypes, version = read_confusables(confusables)

    def decompose(code):
        return [part for one in decomposition[code] for part in decompose(one)] if code in decomposition else [code]

    def look(code):
        return [part for one in decompose(code) for prototype in prototypes.get(one, [one]) for part in decompose(prototype)]

    looks = {}
    for code in sorted(set(decomposition) | set(prototypes)):
        if code not in HANGUL and look(code) != [code]:
            looks.setdefault(tuple(look(code)), []).append(code)
    orders = {}
    for code, order in classes.items():
        orders.setdefault(order, []).append(code)

    print(
        f"# What looks alike: data of Unicode Technical Standard 39, version {version}, with canonical decompositions. "
        "Made by eng/confusables.py."
    )
    print("# Copyright 1991-2025 Unicode, Inc. Licensed under the Unicode License v3: https://www.unicode.org/license.txt")
    for prototype, codes in looks.items():
        print(" ".join(f"{one:X}" for one in prototype) + ": " + " ".join(f"{one:X}" for one in codes))
    for order, codes in sorted(orders.items()):
        print(f"ccc {order}: " + " ".join(f"{one:X}" for one in codes))


main(*sys.argv[1:3])
