/** A module with another text, its imports as they were: for changes that leave the imports alone. */
import type { Module } from "../../language/check";
import { parse, type Declaration } from "../../language/syntax";

/** Undefined where the text is no longer one that can be read. */
export function changedModule(module: Module, text: string): Module | undefined {
  const file = parse(text);
  if (file.errors.length > module.file.errors.length) return undefined;
  const declarations = new Map<string, Declaration>();
  for (const declaration of file.declarations)
    if (declaration.kind !== "import" && !declarations.has(declaration.name.name))
      declarations.set(declaration.name.name, declaration);
  return { ...module, file, declarations };
}
