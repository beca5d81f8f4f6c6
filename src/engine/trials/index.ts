/** Trying other versions of a file: what fixes, mutants and reductions are judged by. */
export { changedModule, modulesOf } from "./changed-module";
export { coneOf } from "./cone";
export { followsSeed } from "./follows-seed";
export {
  elaborated,
  examined,
  rootOf,
  tryRun,
  trySampled,
  type ElaboratedRun,
  type Findings,
  type RunQuestions,
  type TrialContext,
} from "./trial";
