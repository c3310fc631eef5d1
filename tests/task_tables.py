"""A table of two tasks as an office writes it, with titles above and a footer below, and what loading it says."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from loaders.reading import Reading, open_file
from ontology.statement import Reject
from tests.sheet_files import Area, ods_content, write_ods, write_xls, write_xlsx

MAPPING = """
shape: trial
kinds: [city]
title: {vi: Thử, en: Trial}
key: [ma]
language: vi
about: STTask
columns:
  ma: {headers: [Mã số], identifier: task-code, required: true}
  ten: {headers: [Tên nhiệm vụ], property: name, required: true}
  chu_tri: {headers: [Chủ trì], property: hostedBy, class: Organization}
  kinh_phi: {headers: ["Kinh phí – Tổng số", Tổng số], property: budget, factor: 1000000}
"""
GRID: list[list[Any]] = [
    ["ỦY BAN NHÂN DÂN", "", "", "", ""],
    ["DANH MỤC NHIỆM VỤ NĂM 2021", "", "", "", ""],
    ["", "", "", "", ""],
    ["TT", "Mã số", "Tên nhiệm vụ", "Chủ trì", "Kinh phí"],
    ["(1)", "(2)", "(3)", "(4)", "(5)"],
    [1, "NV-01", "Nghiên cứu giống lúa", "Viện Ví Dụ", 500],
    [2, "NV-02", "Chế tạo máy đo", "Viện Ví Dụ", 1250.5],
    ["Tổng cộng", "", "", "", 1750.5],
    ["", "", "", "", ""],
    ["Ghi chú: kinh phí tính đến ngày 30 tháng 6 năm 2021", "", "", "", ""],
    ["", "", "", "NGƯỜI LẬP BIỂU", ""],
    ["", "", "", "Nguyễn Văn Ví Dụ", ""],
]
FLAT = MAPPING.replace('"Kinh phí – Tổng số", Tổng số', "Kinh phí")


def delimited(path: Path, rows: list[list[Any]], delimiter: str = ",") -> Path:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


WRITERS: dict[str, Callable[[Path, list[list[Any]], list[Area]], Path]] = {
    "xlsx": write_xlsx,
    "xls": write_xls,
    "ods": lambda path, rows, merged: write_ods(path, ods_content(rows, merged)),
}


def load(path: Path, mapping: str, tmp_path: Path) -> tuple[dict[str, dict[str, str]], list[Reject], Reading]:
    """What each record says: by its key, names and amounts by property; the refused; the reading."""
    file = tmp_path / "mapping.yaml"
    file.write_text(mapping, encoding="utf-8")
    reading = open_file("city", path, "test", file)
    found: dict[str, dict[str, str]] = {}
    rejects = []
    for item in reading.items:
        if isinstance(item, Reject):
            rejects.append(item)
        else:
            about = item.statements[0].subject
            names = {s.subject: s.value or "" for s in item.statements if s.property == "name"}
            found[item.key] = {"line": str(item.line)} | {
                s.property: s.value or names.get(s.object or "", "")
                for s in item.statements
                if s.subject == about and s.property in ("name", "budget", "hostedBy")
            }
    return found, rejects, reading


EXPECTED = {
    "NV-01": {"line": "6", "name": "Nghiên cứu giống lúa", "hostedBy": "Viện Ví Dụ", "budget": "500000000"},
    "NV-02": {"line": "7", "name": "Chế tạo máy đo", "hostedBy": "Viện Ví Dụ", "budget": "1250500000"},
}
