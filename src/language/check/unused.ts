/** Names of ops and nets that are defined and never read, anywhere in the file. */
import type { Block, Net, Op, Statement, Target } from "../syntax";
import { problems } from "./diagnostics/catalogue";
import type { Diagnostic } from "./diagnostics/diagnostic";
import type { Module } from "./module";

/** A name counts as read where its text stands a second time: nodes of a net are read from runs, by member or by pass. */
export function unusedNames(module: Module): Diagnostic[] {
  const targets = module.file.declarations.flatMap((declaration) =>
    declaration.kind === "op" || declaration.kind === "net" ? assignedTargets(declaration) : [],
  );
  const counts = new Map(targets.map(({ name }) => [name.name, 0]));
  for (const { kind, text } of module.file.tokens) {
    const count = kind === "name" ? counts.get(text) : undefined;
    if (count !== undefined) counts.set(text, count + 1);
  }
  return targets.flatMap(({ name: { name, start, end } }): Diagnostic[] =>
    name === "" || counts.get(name) !== 1
      ? []
      : [{ ...problems.unusedName(name), place: { file: module.id, start, end }, related: [], fixes: [] }],
  );
}

function assignedTargets(declaration: Op | Net): Target[] {
  const targets: Target[] = [];
  const visit = (block: Block): void => {
    for (const statement of block.statements) visitStatement(statement);
  };
  const visitStatement = (statement: Statement): void => {
    if (statement.kind === "assignment") targets.push(statement.target);
    else if (statement.kind === "for") visit(statement.body);
  };
  visit(declaration.body);
  return targets;
}
