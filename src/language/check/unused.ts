/** Names of ops and nets that are defined and never read, anywhere in the file, and imports that nobody reads. */
import { normalizedName, type Block, type Identifier, type Net, type Op, type Span } from "../syntax";
import { isBuiltin } from "./builtins";
import { problems } from "./diagnostics/catalogue";
import type { Diagnostic, Problem } from "./diagnostics/diagnostic";
import type { Module } from "./module";

/** Both, each at its name. What is wrong with an import otherwise has been told. */
export function unused(module: Module): Diagnostic[] {
  const names = module.file.declarations.flatMap((declaration) =>
    declaration.kind === "op" || declaration.kind === "net" ? assignedNames(declaration) : [],
  );
  const imports = module.file.declarations.flatMap((declaration) =>
    declaration.kind === "import" ? declaration.names : [],
  );
  const isFound = (name: string): boolean =>
    module.imports.get(name) !== undefined || isBuiltin(module.standardNames.get(name) ?? "");
  const locals = imports.map(({ local }) => local.name).filter(isFound);
  const isRead = readNames(module, [...names.map(({ name }) => name), ...locals]);
  const told = (problem: Problem, { start, end }: Span): Diagnostic => {
    return { ...problem, place: { file: module.id, start, end }, related: [], fixes: [] };
  };
  return [
    ...names
      .filter(({ name }) => !name.startsWith("_") && !isRead(name))
      .map((each) => told(problems.unusedName(each.name), each)),
    ...imports
      .filter(({ local }) => isFound(local.name) && !isRead(local.name))
      .map((each) => told(problems.unusedImport(each.local.name), each)),
  ];
}

/**
 * Whether a name's text stands a second time: nodes of a net are read from runs, by member or by pass. One that begins
 * with `_` says itself that nobody reads it.
 */
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

function assignedNames(declaration: Op | Net): Identifier[] {
  const names: Identifier[] = [];
  const visit = (block: Block): void => {
    for (const statement of block.statements) {
      if (statement.kind === "assignment") names.push(statement.target.name);
      else if (statement.kind === "for") visit(statement.body);
    }
  };
  visit(declaration.body);
  return names;
}
