// Students' hand derivations with one slip or several: each is found at its place, by its kind; and the right ones pass.
import { checkPrograms } from "./checks";
import { testProgram } from "./faulty-program";
import { netPrograms } from "./nets";
import { normalisingPrograms } from "./normalising-ops";
import { opPrograms } from "./ops";
import { sharedPrograms } from "./shared-nets";

suite("faults in ops", () => {
  for (const program of [...opPrograms, ...normalisingPrograms]) testProgram(program);
});

suite("faults in nets", () => {
  for (const program of [...netPrograms, ...sharedPrograms]) testProgram(program);
});

suite("faults found by checks", () => {
  for (const program of checkPrograms) testProgram(program);
});
