// Students' hand derivations with one slip or several: each is found at its place, by its kind; and the right ones pass.
import { testProgram } from "./faulty-program";
import { netPrograms } from "./nets";
import { opPrograms } from "./ops";

suite("faults in ops", () => {
  for (const program of opPrograms) testProgram(program);
});

suite("faults in nets", () => {
  for (const program of netPrograms) testProgram(program);
});
