/** A node's last values as a hover shows them: a line of statistics and the first rows of numbers. Knows no editor. */
import type { NodeSummary, SliceReply, TensorSummary } from "../../protocol";
import { numberText, summaryText } from "./verdict-text";

export interface KnownValues {
  readonly node: NodeSummary;
  /** The run, op or net that gave them. */
  readonly target: string;
  /** The text has changed since. */
  readonly stale: boolean;
  /** Undefined where the numbers cannot be had now. */
  readonly value: SliceReply | undefined;
  readonly gradient: SliceReply | undefined;
}

/** What fits in a hover. */
export const tableRows = 5;
export const tableColumns = 6;

export function valuesMarkdown({ node, target, stale, value, gradient }: KnownValues): string {
  const when = stale ? `Before the text changed, in \`${target}\`` : `In \`${target}\``;
  if (node.fault !== null) return `${when}: ${node.fault}`;
  if (node.value === null) return "";
  const lines = [
    `${node.name}  ${shapeText(node.value)}${statistics(node.value)}`,
    ...table(node.value, value),
  ];
  if (node.gradient === "zero") lines.push("", `gradient of ${node.name}  0 everywhere`);
  else if (node.gradient !== null && node.gradient !== "pending")
    lines.push("", `gradient of ${node.name}${statistics(node.gradient)}`, ...table(node.gradient, gradient));
  return `${when}:\n\n\`\`\`text\n${lines.join("\n")}\n\`\`\``;
}

function shapeText({ shape, dtype }: TensorSummary): string {
  return `${dtype === "float64" ? "" : dtype}[${shape.join(", ")}]`;
}

function statistics(summary: TensorSummary): string {
  return `  ${summaryText(summary)}`;
}

/** The numbers of the last two dimensions, right-aligned, with … where there are more. */
function table({ shape, count }: TensorSummary, slice: SliceReply | undefined): readonly string[] {
  if (slice === undefined || count < 2 || slice.rowStep !== 1 || slice.columnStep !== 1) return [];
  const rows = Array.from({ length: slice.rows }, (_, row) =>
    Array.from(slice.data.slice(row * slice.columns, (row + 1) * slice.columns), numberText),
  );
  const widths = Array.from({ length: slice.columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const moreColumns = (shape.at(-1) ?? 1) > slice.columns ? "  …" : "";
  const moreRows = (shape.length < 2 ? 1 : (shape.at(-2) ?? 1)) > slice.rows ? ["  …"] : [];
  const leading = shape.length > 2 ? [`  at [${"0, ".repeat(shape.length - 2)}:, :]`] : [];
  const lines = rows.map(
    (row) => `  ${row.map((text, column) => text.padStart(widths[column] ?? 0)).join("  ")}${moreColumns}`,
  );
  return [...leading, ...lines, ...moreRows];
}
