/** Einstein-summation equations: their grammar, and what they say about given operands. Knows nothing of operators. */

/** An equation whose ellipses are written out as labels: one letter for each dimension. */
export interface EinsumEquation {
  readonly operands: readonly string[];
  readonly result: string;
}

const letters: readonly string[] = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

/** Reads an equation for operands of the given ranks; a string is the clause that says what is wrong with it. */
export function readEquation(text: string, ranks: readonly number[]): EinsumEquation | string {
  const [left = "", right, ...more] = text.replaceAll(" ", "").split("->");
  if (more.length > 0) return "the equation has more than one `->`";
  const terms = left.split(",");
  if (terms.length !== ranks.length) {
    return `the equation names ${String(terms.length)} operands, but ${String(ranks.length)} are given`;
  }
  for (const term of right === undefined ? terms : [...terms, right]) {
    const wrong = /[^A-Za-z]/.exec(term.replace("...", ""));
    if (wrong !== null)
      return `\`${wrong[0]}\` is not a letter: an equation is made of letters, \`...\`, \`,\` and \`->\``;
  }
  const unused = letters.filter((letter) => !text.includes(letter));
  const hidden = terms.map((term, i) => (term.includes("...") ? ranks[i]! - (term.length - 3) : 0));
  for (const [i, term] of terms.entries()) {
    const rank = ranks[i]!;
    const named = term.replace("...", "").length;
    if (term.includes("...") ? rank < named : rank !== named) {
      return `\`${term}\` names ${String(named)} dimensions, but operand ${String(i + 1)} has ${String(rank)}`;
    }
  }
  const count = Math.max(0, ...hidden);
  if (count > unused.length) return "there are more dimensions than letters";
  const ellipsis = unused.slice(0, count).join("");
  const operands = terms.map((term, i) => term.replace("...", ellipsis.slice(count - hidden[i]!)));
  return withResult(operands, right ?? implicitResult(operands, ellipsis), ellipsis);
}

/** Without `->`, the result has the ellipsis and then, in order, the letters that occur once. */
function implicitResult(operands: readonly string[], ellipsis: string): string {
  const all = operands.join("");
  const once = letters.filter((letter) => !ellipsis.includes(letter) && all.split(letter).length === 2);
  return (ellipsis === "" ? "" : "...") + once.join("");
}

function withResult(operands: readonly string[], right: string, ellipsis: string): EinsumEquation | string {
  const result = right.replace("...", ellipsis);
  for (const [i, letter] of [...result].entries()) {
    if (result.indexOf(letter) !== i) return `\`${letter}\` occurs twice in the result`;
    if (!operands.some((operand) => operand.includes(letter))) return `\`${letter}\` occurs in no operand`;
  }
  return { operands, result };
}
