// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
"use strict";
// A click on a column's name sorts by it, a second one the other way round: numbers as numbers, empty cells last.
const valueOf = (row, column) => {
  const cell = row.cells[column];
  if (cell.classList.contains("none")) return null;
  const number = Number(cell.dataset.sort ?? cell.textContent.replaceAll(",", ""));
  return Number.isNaN(number) ? cell.textContent : number;
};
function compare(a, b) {
  if (a === null || b === null) return (a === null) - (b === null);
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", {numeric: true});
}
function sort(head) {
  const table = head.closest("table"), column = head.cellIndex, body = table.tBodies[0];
  const down = head.getAttribute("aria-sort") === "ascending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const rows = [...body.rows].map((row) => [valueOf(row, column), row]);
  const filled = rows.filter(([value]) => value !== null).sort(([a], [b]) => (down ? -1 : 1) * compare(a, b));
  body.append(...[...filled, ...rows.filter(([value]) => value === null)].map(([, row]) => row));
}
for (const head of document.querySelectorAll("th")) {
  head.addEventListener("click", () => sort(head));
  head.addEventListener("keydown", (e) => { if (e.key === "Enter") sort(head); });
}
