/** The gradient check's whole API. */
export { blameOfGradient, type MadeGradient } from "./blame/blame-of-gradient";
export { isTrueTangent } from "./blame/true-tangent";
export { explainDifference, type DifferenceInput } from "./explain/explain-difference";
export { gradcheck } from "./gradcheck";
export * from "./outcome";
export { gradgradcheck, wrongAgain } from "./second-order";
export { stepDifferences, type StepDifferencesInput } from "./measure/step-differences";
export { wrongRules } from "./blame/wrong-rules";
