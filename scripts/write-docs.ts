/** Writes the pages that are made from the code: docs/operators.md. The tests hold them to be up to date. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { operatorPage } from "../src/language/features";

writeFileSync(path.resolve(__dirname, "../docs/operators.md"), operatorPage());
