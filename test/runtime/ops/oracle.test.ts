// Every case of PyTorch's oracles.
import { caseFiles, storedCases } from "./oracle-case";
import { checkCase, checkRefused, operatorOf } from "./oracle-check";

for (const file of caseFiles) {
  suite(`operators against PyTorch: ${file}`, () => {
    for (const stored of storedCases(file)) {
      if (stored.raises === true) test(`${stored.name} is refused`, () => checkRefused(stored));
      else
        test(`${stored.name} ${JSON.stringify(stored.attrs)}`, () => checkCase(operatorOf(stored), stored));
    }
  });
}
