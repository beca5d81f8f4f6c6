/**
 * What puts a mistake right, in the names and the notation of a spec: what a quick fix writes. Knows neither how it was found nor the
 * text that is to be changed.
 */

/** Where: texts are null where there is nothing to be written, as for a tensor without a name. */
export interface CorrectionPlace {
  /** The named value whose definition is changed; null is the rule itself, or the side of a check. */
  readonly value: string | null;
  /** What is changed; null is the whole of the expression. */
  readonly at: string | null;
  /** The expression that it stands in, where it is changed only there. */
  readonly within: string | null;
}

export type Change =
  | { readonly how: "negate" }
  /** Times a constant; `symbol` is how it is written with a size in scope: "2 / N". */
  | { readonly how: "scale"; readonly factor: number; readonly symbol: string | null }
  | { readonly how: "multiply"; readonly by: string }
  | { readonly how: "remove-factor"; readonly factor: string; readonly isDivisor: boolean }
  | { readonly how: "add-term"; readonly term: string; readonly sign: 1 | -1 }
  | { readonly how: "remove-term"; readonly term: string }
  | { readonly how: "replace"; readonly by: string; readonly everywhere: boolean }
  /** Each everywhere in the place of the other. */
  | { readonly how: "exchange"; readonly with: string }
  | { readonly how: "transpose" }
  /** `dim` is null where all dimensions are reduced. */
  | { readonly how: "reduce"; readonly by: "sum" | "mean"; readonly dim: number | null };

export type Correction = CorrectionPlace & Change;
