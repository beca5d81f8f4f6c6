/** Where a line that the panel made goes in the text of a run, and under which name. Pure; knows no editor. */

export interface NewLine {
  /** The offset in the run's text. */
  readonly at: number;
  readonly text: string;
  /** What the line defines. */
  readonly name: string;
}

/** `run` is the declaration from its first character to its closing brace; undefined where it has none. */
export function newLine(run: string, expression: string, wished: string): NewLine | undefined {
  const end = run.lastIndexOf("}");
  if (end === -1) return undefined;
  const name = freeName(run, wished);
  const lineStart = run.lastIndexOf("\n", end) + 1;
  const before = run.slice(lineStart, end);
  const line = `${name} = ${expression}`;
  // The brace stands alone: a line before its own, indented once more.
  if (before.trim() === "" && lineStart > 0) return { at: lineStart, text: `${before}  ${line}\n`, name };
  const indent = /^\s*/.exec(before)?.[0] ?? "";
  return { at: end, text: `\n${indent}  ${line}\n${indent}`, name };
}

/** `d`, `d_2`, `d_3` …: the first that nothing in the run is called. */
function freeName(run: string, wished: string): string {
  const used = new Set(run.match(/[\p{L}_][\p{L}\p{N}_]*/gu));
  for (let i = 1; ; i++) {
    const name = i === 1 ? wished : `${wished}_${String(i)}`;
    if (!used.has(name)) return name;
  }
}
