/** Changed texts of expressions: what engine's fixes, mutants and reductions have in common. */
export { atom, binary, call, negated, pieceOf, strengths, transposed, type Piece } from "./piece";
export { passNames } from "./pass-names";
export { edited, isWrittenAlike, spotsIn, written, type Spot } from "./spot";
export {
  definitionsIn,
  forwardOf,
  isRule,
  madeOf,
  namesIn,
  placedStatements,
  statementAt,
  type Definition,
  type Placed,
} from "./body";
