/** The data files beside a spec, as the command line finds them. */
import type { EngineDataHost } from "../../engine";
import { openDataFile } from "../node";
import { pathBeside } from "./spec-files";

export const dataBeside: EngineDataHost = {
  open: (from, written) => openDataFile(pathBeside(from, written)),
};
