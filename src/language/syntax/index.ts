/** The syntax room: text to a lossless tree with its problems, and back to text in one form. */
export type * from "./tree";
export { parse } from "./parser";
export { tokenize, normalizedName } from "./lexer";
export { syntaxCodes, syntaxMessage, type SyntaxCode } from "./problems";
export { reservedWords } from "./heads";
export { editDistance } from "./spelling";
export { tokenBefore, tokensIn } from "./token-search";
export { children, nodeAt, visitOf, walk, walkFrom, type Visit } from "./walk";
export { lineMap, type LineMap, type Position } from "./positions";
export { format, formatEdits, type Edit } from "./formatter";
