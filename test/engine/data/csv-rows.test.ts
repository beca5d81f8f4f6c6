/** Cutting CSV text into cells gives back the table that was written, however it is quoted and wherever pieces of it end. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type ByteReader } from "../../../src/engine/data/byte-reader";
import { cellBytes, readRows } from "../../../src/engine/data/csv-rows";
import { success } from "../../../src/engine/data/data-problems";
import { runNow } from "../../../src/engine/data/steps";

/** A reader that hands out the text in pieces of the given sizes, then the rest. */
function inPieces(text: string, sizes: readonly number[]): ByteReader {
  const bytes = new Uint8Array(Buffer.from(text, "utf8"));
  let at = 0;
  let turn = 0;
  return {
    atMost: bytes.length,
    take: () => assert.fail("rows are read with next"),
    next() {
      const piece = bytes.slice(at, at + (sizes[turn++] ?? bytes.length));
      at += piece.length;
      return success(piece);
    },
    finish: () => success(undefined),
  };
}

function rowsOf(text: string, delimiter: string, sizes: readonly number[] = []) {
  const rows: { readonly line: number; readonly cells: readonly string[] }[] = [];
  const reading = readRows(
    inPieces(text, sizes),
    delimiter.charCodeAt(0),
    (row) => {
      rows.push({
        line: row.line,
        cells: row.ends.map((_, column) => Buffer.from(cellBytes(row, column)).toString("utf8")),
      });
      return undefined;
    },
    { file: "d", text: 1e6 },
  );
  const failed = runNow(reading);
  assert.equal(failed, undefined, failed?.problem.message);
  return rows;
}

suite("CSV rows", () => {
  // Cells without white space at their ends, which is not part of a cell, and not beginning with a comment's sign.
  const cell = fc
    .string({
      unit: fc.constantFrom("a", "é", "7", ".", "-", '"', ",", ";", "\t", "\n", "\r", " ", "#"),
      maxLength: 8,
    })
    .map((text) => text.trim().replace(/^#/, "x"));
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

  test("come back as they were written, in pieces of any size", () => {
    const table = fc.array(
      fc.array(
        fc.record({
          text: cell,
          always: fc.boolean(),
          before: fc.constantFrom("", " "),
          after: fc.constantFrom("", "  "),
        }),
        { minLength: 2, maxLength: 5 },
      ),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(
        table,
        fc.constantFrom(",", ";", "\t"),
        fc.constantFrom("\n", "\r\n", "\r"),
        fc.constantFrom("", "\n\n", '# a comment, with a " quote\n'),
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 200 }),
        (rows, delimiter, newline, between, sizes) => {
          const text = rows
            .map((row) =>
              row
                .map(
                  ({ text: value, always, before, after }) =>
                    before + (always || /["\n\r,;\t]/.test(value) ? quoted(value) : value) + after,
                )
                .join(delimiter),
            )
            .join(newline + between.replaceAll("\n", newline));
          const found = rowsOf(text, delimiter, sizes).map((row) => row.cells);
          assert.deepEqual(
            found,
            rows.map((row) => row.map((item) => item.text)),
          );
        },
      ),
      { seed: 42, numRuns: 2000 },
    );
  });

  test("know the line on which they begin, blank lines, comments and lines within quotes counted", () => {
    const text = 'a,b\r\n\r\n# c\r\n"1\r\n2",3\r\n4,5';
    assert.deepEqual(
      rowsOf(text, ",").map((row) => row.line),
      [1, 4, 6],
    );
    assert.deepEqual(
      rowsOf(text.replaceAll("\r\n", "\r"), ",").map((row) => row.line),
      [1, 4, 6],
    );
    assert.deepEqual(
      rowsOf(text.replaceAll("\r\n", "\n"), ",").map((row) => row.line),
      [1, 4, 6],
    );
  });

  test("of empty cells only are rows; of nothing are none", () => {
    assert.deepEqual(
      rowsOf(',\n   \n""\n', ",").map((row) => row.cells),
      [["", ""], [""]],
    );
  });
});
