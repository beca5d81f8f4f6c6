/** The ways out where a name or an import is never used: it goes, with its line where that has nothing else. Knows no editor. */
import type { CheckedModule, Diagnostic, Edit, Fix } from "../check";
import { nodeAt, tokensIn, type File, type Import, type Span } from "../syntax";

export function unusedFixes({ module: { file } }: CheckedModule, diagnostic: Diagnostic): readonly Fix[] {
  const { code, place } = diagnostic;
  const { start, end } = place;
  const path = nodeAt(file, start);
  if (code === "NN307") {
    const declaration = path.find(({ kind }) => kind === "import");
    if (declaration?.kind !== "import") return [];
    const local = declaration.node.names.find((each) => each.start === start)?.local.name ?? "";
    return [
      { title: `Remove the import of \`${local}\``, edits: [importRemoval(file, declaration.node, place)] },
    ];
  }
  const assignment = path.find(({ kind }) => kind === "assignment");
  if (code !== "NN301" || assignment === undefined) return [];
  const name = file.text.slice(start, end);
  return [
    { title: `Remove \`${name}\``, edits: [removal(file.text, assignment.node)] },
    { title: `Rename to \`_${name}\`, for nobody to read`, edits: [{ start, end: start, newText: "_" }] },
  ];
}

/** The statement, with its line or lines where nothing else is on them. */
function removal(text: string, { start, end }: Span): Edit {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const newline = text.indexOf("\n", end);
  const to = newline < 0 ? text.length : newline + 1;
  const rest = text.slice(end, to).trim();
  if (text.slice(from, start).trim() === "" && (rest === "" || rest.startsWith("#")))
    return { start: from, end: to, newText: "" };
  const separator = /^[ \t]*;[ \t]*/.exec(text.slice(end, to));
  return { start, end: end + (separator?.[0].length ?? 0), newText: "" };
}

/** A name of several with its comma, or the whole import. */
function importRemoval(file: File, declaration: Import, name: Span): Edit {
  if (declaration.names.length === 1) return removal(file.text, declaration);
  const commas = tokensIn(file, declaration).filter(({ text }) => text === ",");
  const before = commas.findLast(({ end }) => end <= name.start);
  if (before !== undefined) return { start: before.start, end: name.end, newText: "" };
  const next = declaration.names[1];
  return { start: name.start, end: next?.start ?? name.end, newText: "" };
}
