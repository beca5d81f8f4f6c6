/** The engine's whole API: executing files, and what hosts lend it. */
export { CancelledError } from "./cancelled";
export { type DataFile, type DataHost, type LaterFile, type Refusal } from "./data";
export {
  checkReport,
  execute,
  Session,
  type EngineFile,
  type EngineHost,
  type ExecuteOptions,
} from "./execute";
export type { HelperThread, ThreadHost } from "../runtime/compile";
export { headerLater, makeCheckingLibrary, makeLibrary, type EngineDataHost } from "./library";
export {
  equationOfGradient,
  Equations,
  type ContributionEquation,
  type EquationQuestion,
  type EquationsContext,
  type ShownEquation,
} from "./equations";
export { testStrength, type StrengthOptions } from "./strength";
export { reproduce, type ReproduceOptions } from "./reproduction";
