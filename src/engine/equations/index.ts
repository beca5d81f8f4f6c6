/** Equations of derived gradients, in the names of the text. */
export { Equations, type EquationQuestion, type EquationsContext, type ShownEquation } from "./equations";
export { equationOfGradient } from "./target-equation";
export type { ContributionEquation } from "./gradient-equation";
