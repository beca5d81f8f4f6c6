/** The check room's whole API. */
export { declarationFrame, dtypeOfRun, elaborateRun } from "./check-declaration";
export { CheckMemory, type Checkable, type Outside } from "./check-memory";
export { checkModule, isToldBySyntax, type CheckedModule, type CheckOptions } from "./check-module";
export { problems } from "./diagnostics/catalogue";
export type { Diagnostic, Edit, Fix, Place, Problem, Related, Severity } from "./diagnostics/diagnostic";
export { Elaborator } from "./elaborator";
export { formatType } from "./describe";
export { Facts, type DefinedName, type Definition, type HoleFact, type Reference } from "./facts";
export { type DerivedKey, type FileFacts } from "./file-facts";
export { foreignMember, foreignNames, libraryPrefix } from "./foreign-names";
export type { Frame, Turn } from "./frame";
export { fittingNames } from "./holes";
export { importEdit } from "./import-edit";
export { instancePath, parametersOf } from "./instance-paths";
export { undrawn } from "./layer-copies";
export { builtins } from "./builtins";
export type { Builtin } from "./builtin";
export type * from "./machine";
export { cotangentName, hasRule, ruleInsertions, ruleTargets } from "./missing-rules";
export { ModuleLoader, nearestName, runsOf, type Importable, type Module, type Resolve } from "./module";
export {
  emptyRecord,
  type CheckPlan,
  type Condition,
  type GradcheckPlan,
  type NamedNode,
  type NamedValue,
  type RunRecord,
  type TolerancePlan,
} from "./record";
export { isInStandardLibrary } from "./standard-names";
export { withoutSilenced } from "./silencing";
export { toTensor } from "./tensors";
export { Scope, type Binding, type BindingRole } from "./scope";
export * from "./value";
