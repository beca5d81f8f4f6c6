/** Names of the language in TeX: `W1` is W with an index, `lambda` a Greek letter, `loss` upright, `m.h` a path, ∂J/∂W a fraction. */

const greek = new Set(
  "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau phi chi psi omega".split(
    " ",
  ),
);

export function texName(name: string): string {
  if (name.startsWith("√")) return `\\sqrt{${texName(name.slice(1))}}`;
  if (name.endsWith("\u0304")) return `\\bar{${texName(name.slice(0, -1))}}`;
  const derivative = /^∂([^/]*)\/∂(.*)$/u.exec(name);
  if (derivative !== null) {
    return `\\frac{\\partial ${texName(derivative[1]!)}}{\\partial ${texName(derivative[2]!)}}`;
  }
  return name
    .split(".")
    .map((part) => texPart(part))
    .join(".");
}

function texPart(part: string): string {
  const [, head = part, digits = "", indices = ""] = /^(.*?)([0-9₀-₉]*)((?:\[[^\]]*\])*)$/u.exec(part) ?? [];
  const primes = /'*$/.exec(head)![0];
  const word = head.slice(0, head.length - primes.length);
  const differential = /^([d∂])([\p{L}]\w*)$/u.exec(word);
  const tex =
    differential === null || word.length > 3
      ? wordOf(word)
      : `${differential[1]!}${wordOf(differential[2]!)}`;
  const subscripts = [
    plainDigits(digits),
    ...[...indices.matchAll(/\[([^\]]*)\]/g)].map(([, index]) => index!),
  ];
  const below = subscripts.filter((text) => text !== "").join(",");
  return `${tex}${primes}${below === "" ? "" : `_{${below}}`}`;
}

function wordOf(word: string): string {
  const lower = word.toLowerCase();
  if (greek.has(lower)) return `\\${word === lower ? lower : lower[0]!.toUpperCase() + lower.slice(1)}`;
  if ([...word].length <= 1) return word;
  return `\\mathrm{${word.replaceAll("_", "\\_")}}`;
}

function plainDigits(digits: string): string {
  return digits.replace(/[₀-₉]/gu, (digit) => String(digit.codePointAt(0)! - 0x2080));
}
