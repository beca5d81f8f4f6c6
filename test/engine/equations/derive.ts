/** The equations of a text, asked for as the editor does: by the name under the cursor. */
import { Equations, type ShownEquation } from "../../../src/engine";
import { makeLibrary } from "../../../src/engine";
import { namesOf, followedAt } from "../../../src/language/features";
import { checkModule, type CheckedModule } from "../../../src/language/check";
import { ModuleLoader } from "../../../src/language/check";
import { hostFor } from "../run-text";

export function loadText(text: string): CheckedModule {
  return checkModule(new ModuleLoader(hostFor().resolve).load("test.nnspec", text), {
    library: makeLibrary(undefined),
  });
}

/** Equations are as they are however busy the machine is. */
const untimed = { now: () => 0, milliseconds: 1 };

/** By `name` inside of the declaration called `within`. */
export function equationsIn(
  text: string,
  clock: { readonly now: () => number; readonly milliseconds: number } = untimed,
): (within: string, name: string) => readonly ShownEquation[] {
  const checked = loadText(text);
  const equations = new Equations({
    module: checked.module,
    library: makeLibrary(undefined),
    ...clock,
  });
  return (within, name) => {
    const declaration = checked.module.declarations.get(within);
    if (declaration === undefined) throw new Error(`no ${within}`);
    for (const use of namesOf(checked)) {
      if (use.span.start < declaration.start || use.span.end > declaration.end || use.symbol === undefined)
        continue;
      const followed = followedAt(checked, use.span.end);
      const path = followed?.path ?? use.name;
      if (path !== name) continue;
      return equations.of({
        place: use.defines ? { file: checked.module.id, ...use.span } : use.symbol,
        defines: use.defines,
        path,
        within: declaration,
      });
    }
    throw new Error(`no ${name} in ${within}`);
  };
}
