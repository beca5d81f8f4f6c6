/** Names of ops and nets that are defined and never read, anywhere in the file. */
import type { Block, Net, Op, Statement, Target } from "../syntax";
import { problems } from "./diagnostics/catalogue";
import type { Diagnostic } from "./diagnostics/diagnostic";
import type { Module } from "./module";

/** A name counts as read where its text stands a second time: nodes of a net are read from runs, by member or by pass. */
export function unusedNames(module: Module): Diagnostic[] {
  const counts = new Map<string, number>();
  for (const { kind, text } of module.file.tokens)
    if (kind === "name") counts.set(text, (counts.get(text) ?? 0) + 1);
  const diagnostics: Diagnostic[] = [];
  for (const declaration of module.file.declarations) {
    if (declaration.kind !== "op" && declaration.kind !== "net") continue;
    for (const { name } of assignedTargets(declaration)) {
      if (name.name === "" || counts.get(name.name) !== 1) continue;
      diagnostics.push({
        ...problems.unusedName(name.name),
        place: { file: module.id, start: name.start, end: name.end },
        related: [],
        fixes: [],
      });
    }
  }
  return diagnostics;
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
