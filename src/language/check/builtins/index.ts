/** All builtins by name. */
import { callableOperators } from "../../../runtime/ops";
import type { Builtin } from "../builtin";
import { compileTime } from "./compile-time";
import { data } from "./data";
import { draws } from "./draws";
import { fillers } from "./fillers";
import { passes } from "./passes";
import { training } from "./training";

export const builtins: ReadonlyMap<string, Builtin> = new Map(
  [...compileTime, ...data, ...draws, ...fillers, ...passes, ...training].map((builtin) => [
    builtin.name,
    builtin,
  ]),
);

/** Whether a name is a function of the language itself. */
export function isBuiltin(name: string): boolean {
  return builtins.has(name) || callableOperators.has(name);
}
