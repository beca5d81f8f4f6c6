/** Tables in aligned columns. Knows nothing of what stands in them. */
import type { Ink, Paint } from "./paint";
import { textWidth } from "./text-width";

export interface Cell {
  readonly text: string;
  readonly ink?: Ink;
}

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

/** A faint heading, then one line a row. */
export function tableText(
  paint: Paint,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): string[] {
  const heading = columns.map(({ title }): Cell => ({ text: title, ink: "faint" }));
  const all = [heading, ...rows];
  const widths = columns.map((_, i) =>
    all.reduce((most, row) => Math.max(most, textWidth(row[i]?.text ?? "")), 0),
  );
  return all.map((row) =>
    columns
      .map(({ align }, i) => {
        const { text, ink } = row[i] ?? { text: "" };
        const space = " ".repeat(widths[i]! - textWidth(text));
        const painted = ink === undefined ? text : paint(ink, text);
        if (align === "right") return space + painted;
        return i === columns.length - 1 ? painted : painted + space;
      })
      .join("  ")
      .trimEnd(),
  );
}
