/** Testing the tests of a file. */
export { testStrength, type StrengthOptions } from "./strength";
