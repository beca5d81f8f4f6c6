/** Words and whole statements that can begin a line, by the body they stand in. Knows no editor. */

export interface Snippet {
  readonly label: string;
  readonly detail: string;
  /** With tab stops as in VS Code's snippets. */
  readonly insertText: string;
}

type Place = "file" | "op" | "net" | "run";

interface Row extends Snippet {
  readonly places: readonly Place[];
}

const rows: readonly Row[] = [
  row(
    "net",
    "a network",
    "net ${1:Name}(${2:n_in}, ${3:n_out})(${4:X: [N, n_in]}) -> ${5:[N, n_out]} {\n\t$0\n}",
    "file",
  ),
  row(
    "op",
    "a pure function with its rules",
    "op ${1:name}(${2:x: [...]}) -> ${3:[...]} {\n\treturn ${4:x}\n\tvjp ${5:x}(u) = ${0:u}\n}",
    "file",
  ),
  row("run", "a scenario with checks", "run ${1:name} {\n\tseed torch ${2:0}\n\t$0\n}", "file"),
  row("import", "names of another file", 'import { $0 } from "${1:std}"', "file"),
  row("const", "a value known before anything runs", "const ${1:name} = $0", "file", "op", "net", "run"),
  row("param", "a parameter", "param ${1:W}: [${2:n}] = ${0:randn()}", "net"),
  row(
    "for",
    "a loop over a range or a list",
    "for ${1:l} in ${2:1} to ${3:n} {\n\t$0\n}",
    "op",
    "net",
    "run",
  ),
  row("iterate", "a data-dependent loop", "iterate ${1:y} = ${2:x} while ${3:condition} do $0", "net", "run"),
  row("return", "the result", "return $0", "op", "net"),
  row("vjp", "the cotangent of an input", "vjp ${1:x}(${2:u}) = $0", "op", "net"),
  row("jvp", "the tangent of the result", "jvp ${1:x}(${2:v}) = $0", "op", "net"),
  row("sample", "how an input is drawn when checked alone", "sample ${1:y} = $0", "op", "net"),
  row("seed", "the generator of the draws below", "seed ${1|torch,numpy|} ${0:0}", "net", "run"),
  row("dtype", "the elements of this run's floats", "dtype ${1|float32,float64|}", "run"),
  row("check", "a condition that must hold", 'check "${1:label}": ${2:a} ~= ${0:b}', "run"),
  row("gradcheck", "rules against finite differences", "gradcheck ${0:m.J}", "run"),
  row("show", "values for the inspector and the terminal", "show $0", "run"),
  row("plot", "curves for the inspector", "plot $0", "run"),
  row("backward", "gradients of a node", "d${1:J} = backward(${2:m.J})", "run", "net"),
];

function row(label: string, detail: string, insertText: string, ...places: readonly Place[]): Row {
  return { label, detail, insertText, places };
}

export function snippetsFor(place: Place): readonly Snippet[] {
  return rows.filter(({ places }) => places.includes(place));
}
