/** Names of ops and nets that are defined and never read, anywhere in the file, and imports that nobody reads; and their removal. */
import {
  normalizedName,
  tokensIn,
  type Assignment,
  type Block,
  type Import,
  type Net,
  type Op,
} from "../syntax";
import type { Span, Statement } from "../syntax";
import { isBuiltin } from "./builtins";
import { problems } from "./diagnostics/catalogue";
import type { Diagnostic, Edit, Fix } from "./diagnostics/diagnostic";
import type { Module } from "./module";

/**
 * A name counts as read where its text stands a second time: nodes of a net are read from runs, by member or by pass.
 * One that begins with `_` says itself that nobody reads it.
 */
export function unusedNames(module: Module): Diagnostic[] {
  const assignments = module.file.declarations.flatMap((declaration) =>
    declaration.kind === "op" || declaration.kind === "net" ? assignmentsOf(declaration) : [],
  );
  const isRead = readNames(
    module,
    assignments.map(({ target }) => target.name.name),
  );
  return assignments.flatMap((assignment): Diagnostic[] => {
    const { name, start, end } = assignment.target.name;
    if (name === "" || name.startsWith("_") || isRead(name)) return [];
    const fixes: Fix[] = [
      { title: `Remove \`${name}\``, edits: [removal(module, assignment)] },
      { title: `Rename to \`_${name}\`, for nobody to read`, edits: [{ start, end: start, newText: "_" }] },
    ];
    return [{ ...problems.unusedName(name), place: { file: module.id, start, end }, related: [], fixes }];
  });
}

/** Imports are of their file alone: nobody imports them from there. */
export function unusedImports(module: Module): Diagnostic[] {
  const imports = module.file.declarations.filter((declaration) => declaration.kind === "import");
  const isFound = (name: string): boolean =>
    module.imports.get(name) !== undefined || isBuiltin(module.standardNames.get(name) ?? "");
  const isRead = readNames(
    module,
    imports.flatMap(({ names }) => names.map(({ local }) => local.name)),
  );
  return imports.flatMap((declaration) => {
    const unused = declaration.names.filter(({ local }) => isFound(local.name) && !isRead(local.name));
    return unused.map(({ local: { name }, start, end }): Diagnostic => {
      const fixes: Fix[] = [
        {
          title: `Remove the import of \`${name}\``,
          edits: [importRemoval(module, declaration, { start, end })],
        },
      ];
      return { ...problems.unusedImport(name), place: { file: module.id, start, end }, related: [], fixes };
    });
  });
}

/** Whether a name stands more than once in the file. */
function readNames({ file }: Module, names: readonly string[]): (name: string) => boolean {
  const counts = new Map(names.map((name) => [name, 0]));
  if (counts.size > 0) {
    for (const { kind, text } of file.tokens) {
      if (kind !== "name") continue;
      const name = normalizedName(text);
      const count = counts.get(name);
      if (count !== undefined) counts.set(name, count + 1);
    }
  }
  return (name) => counts.get(name) !== 1;
}

function assignmentsOf(declaration: Op | Net): Assignment[] {
  const assignments: Assignment[] = [];
  const visit = (block: Block): void => {
    for (const statement of block.statements) visitStatement(statement);
  };
  const visitStatement = (statement: Statement): void => {
    if (statement.kind === "assignment") assignments.push(statement);
    else if (statement.kind === "for") visit(statement.body);
  };
  visit(declaration.body);
  return assignments;
}

/** The statement, with its line or lines where nothing else is on them. */
function removal({ file: { text } }: Module, { start, end }: Span): Edit {
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
function importRemoval(module: Module, declaration: Import, name: Span): Edit {
  if (declaration.names.length === 1) return removal(module, declaration);
  const commas = tokensIn(module.file, declaration).filter(({ text }) => text === ",");
  const before = commas.findLast(({ end }) => end <= name.start);
  if (before !== undefined) return { start: before.start, end: name.end, newText: "" };
  const next = declaration.names[1];
  return { start: name.start, end: next?.start ?? name.end, newText: "" };
}
