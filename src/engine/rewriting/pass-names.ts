/** The functions of the language that make passes. */
export const passNames: ReadonlySet<string> = new Set([
  "backward",
  "jvp",
  "finite_differences",
  "jacobian",
  "hessian",
  "hvp",
]);
