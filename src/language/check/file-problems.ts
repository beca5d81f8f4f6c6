/** What is wrong with a file before any declaration is looked at. Knows nothing of shapes. */
import { syntaxMessage, type Identifier, type Net, type Op, type Span } from "../syntax";
import { problems } from "./diagnostics/catalogue";
import type { Diagnostic } from "./diagnostics/diagnostic";
import { isBuiltin } from "./builtins";
import { standardLibraryId, type Module } from "./module";

/** Syntax errors, failed imports, names declared twice. */
export function fileProblems(module: Module): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const at = (start: number, end: number) => ({ file: module.id, start, end });
  for (const error of module.file.errors) {
    diagnostics.push({
      code: error.code,
      severity: "error",
      message: syntaxMessage(error),
      place: at(error.start, error.end),
      related: (error.related ?? []).map(({ start, end, message }) => ({ place: at(start, end), message })),
      fixes: error.fix === undefined ? [] : [error.fix],
    });
  }
  for (const problem of module.importProblems) {
    const { start, end } = problem;
    if (problem.kind === "missing-name" && problem.path === standardLibraryId && isBuiltin(problem.name))
      continue;
    const text =
      problem.kind === "missing-name"
        ? problems.importedNameMissing(problem.name, problem.path, problem.nearest, problem.holder)
        : problem.kind === "cycle"
          ? problems.importCycle(problem.path)
          : problems.importNotFound(problem.path);
    const fixes =
      problem.kind === "missing-name" && problem.nearest !== undefined
        ? [{ title: `Rename to \`${problem.nearest}\``, edits: [{ start, end, newText: problem.nearest }] }]
        : [];
    diagnostics.push({ ...text, place: at(start, end), related: [], fixes });
  }
  const seen = new Map<
    string,
    { readonly start: number; readonly end: number; readonly imported: boolean }
  >();
  for (const declaration of module.file.declarations) {
    const names =
      declaration.kind === "import" ? declaration.names.map(({ local }) => local) : [declaration.name];
    for (const { name, start, end } of names) {
      if (name === "") continue;
      const first = seen.get(name);
      const imported = declaration.kind === "import";
      if (first === undefined) seen.set(name, { start, end, imported });
      else {
        const text =
          first.imported !== imported ? problems.importClash(name) : problems.duplicateDeclaration(name);
        diagnostics.push({
          ...text,
          place: at(start, end),
          related: [{ place: at(first.start, first.end), message: "Declared here first" }],
          fixes: [],
        });
      }
    }
  }
  for (const declaration of module.file.declarations)
    if (declaration.kind === "op" || declaration.kind === "net")
      diagnostics.push(...signatureProblems(module, declaration));
  return diagnostics;
}

/** Inputs, hyperparameters and sizes share one scope: no two have one name. */
function signatureProblems(module: Module, declaration: Op | Net): Diagnostic[] {
  const hyperparameters = declaration.kind === "net" ? (declaration.hyperparameters ?? []) : [];
  const first = new Map<string, Identifier>();
  const diagnostics: Diagnostic[] = [];
  for (const { name } of [...hyperparameters, ...declaration.inputs]) {
    const earlier = first.get(name.name);
    if (earlier === undefined) {
      if (name.name !== "") first.set(name.name, name);
    } else diagnostics.push(twice(module, name, earlier));
  }
  const tensors = new Set(
    declaration.inputs.filter(({ type }) => type !== undefined).map(({ name }) => name),
  );
  for (const { type } of declaration.inputs) {
    for (const item of type?.dims ?? []) {
      const input = item.kind === "name" ? first.get(item.name) : undefined;
      if (item.kind === "name" && input !== undefined && tensors.has(input))
        diagnostics.push(twice(module, item, input));
    }
  }
  return diagnostics;
}

function twice(module: Module, { name, start, end }: Identifier, first: Identifier): Diagnostic {
  const at = (span: Span) => ({ file: module.id, start: span.start, end: span.end });
  const related = [{ place: at(first), message: "Declared here first" }];
  return { ...problems.duplicateDeclaration(name), place: at({ start, end }), related, fixes: [] };
}
