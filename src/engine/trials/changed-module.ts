/** A module with another text of itself or of one that it imports, imports as they were: for changes that leave them alone. */
import type { Module } from "../../language/check";
import { parse, type Declaration } from "../../language/syntax";

/** Undefined where the text is no longer one that can be read, or a name that is imported is gone. */
export function changedModule(module: Module, text: string, id = module.id): Module | undefined {
  const changed = modulesOf(module).get(id);
  const made = changed && withText(changed, text);
  return made && replaced(module, made);
}

/** A module and all that it imports, by id. */
export function modulesOf(module: Module): Map<string, Module> {
  const found = new Map([[module.id, module]]);
  for (const [, { imports }] of found)
    for (const imported of imports.values())
      if (imported !== undefined && !found.has(imported.module.id))
        found.set(imported.module.id, imported.module);
  return found;
}

function withText(module: Module, text: string): Module | undefined {
  const file = parse(text);
  if (file.errors.length > module.file.errors.length) return undefined;
  const declarations = new Map<string, Declaration>();
  for (const declaration of file.declarations)
    if (declaration.kind !== "import" && !declarations.has(declaration.name.name))
      declarations.set(declaration.name.name, declaration);
  return { ...module, file, declarations };
}

/** The module as it is with `made` in the place of what has its id. */
function replaced(root: Module, made: Module): Module | undefined {
  const known = new Map<string, Module>([[made.id, made]]);
  const gone: string[] = [];
  const visit = (module: Module): Module => {
    const before = known.get(module.id);
    if (before !== undefined) return before;
    // Of modules that import each other, which is an error, one is left as it is.
    known.set(module.id, module);
    const imports = new Map<string, ReturnType<Module["imports"]["get"]>>();
    let isSame = true;
    for (const [name, imported] of module.imports) {
      const inner = imported === undefined ? undefined : visit(imported.module);
      if (imported === undefined || inner === undefined || inner === imported.module) {
        imports.set(name, imported);
        continue;
      }
      isSame = false;
      const declaration = inner.declarations.get(imported.declaration.name.name);
      if (declaration?.kind !== imported.declaration.kind) gone.push(name);
      else imports.set(name, { module: inner, declaration });
    }
    const result = isSame ? module : { ...module, imports };
    known.set(module.id, result);
    return result;
  };
  const result = visit(root);
  return gone.length === 0 ? result : undefined;
}
