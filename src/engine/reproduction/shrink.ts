/** Makes a failing spec smaller while it fails in the same way. Owns the order of attempts and their bounds. */
import { ModuleLoader } from "../../language/check";
import { format, parse, type Edit } from "../../language/syntax";
import { makeLibrary } from "../library";
import { edited } from "../rewriting";
import { elaborated } from "../trials";
import { reproduces, type Failure, type Judging, type Outcome } from "./failure";
import { removal, withoutComments, withoutParts, withSmallerSizes } from "./reductions";
import { withDraws } from "./self-contained";

export interface Shrinking extends Judging {
  readonly breathe: () => Promise<void>;
  readonly isLate: () => boolean;
  readonly tell: (tried: number, lines: number) => void;
}

export interface Shrunk {
  readonly text: string;
  readonly outcome: Outcome;
  readonly tried: number;
}

/** Undefined where the text does not fail so to begin with. */
export async function shrink(
  shrinking: Shrinking,
  text: string,
  failure: Failure,
): Promise<Shrunk | undefined> {
  const attempts = new Attempts(shrinking, failure);
  if (!(await attempts.accept(text))) return undefined;
  await attempts.accept(focused(text, failure));
  for (let before = ""; before !== attempts.text && !shrinking.isLate();) {
    before = attempts.text;
    await attempts.all(withoutParts);
    await attempts.all((current) => attempts.draws(current));
    await attempts.all(withSmallerSizes);
  }
  await attempts.accept(format(withoutComments(attempts.text)));
  const { outcome, tried } = attempts;
  return outcome === undefined ? undefined : { text: attempts.text, outcome, tried };
}

/** The run alone, with the checks or the gradchecks that may be meant. */
function focused(text: string, { run, kind }: Failure): string {
  const file = parse(text);
  const edits: Edit[] = [];
  for (const declaration of file.declarations) {
    if (declaration.kind !== "run") continue;
    if (declaration.name.name !== run) edits.push(removal(file, declaration));
    else
      for (const statement of declaration.body.statements)
        if (["check", "gradcheck", "show", "plot"].includes(statement.kind) && statement.kind !== kind)
          edits.push(removal(file, statement));
  }
  return edited(text, edits) ?? text;
}

class Attempts {
  text = "";
  outcome: Outcome | undefined;
  tried = 0;
  readonly #shrinking: Shrinking;
  readonly #failure: Failure;
  readonly #refused = new Set<string>();

  constructor(shrinking: Shrinking, failure: Failure) {
    this.#shrinking = shrinking;
    this.#failure = failure;
  }

  /** Takes the text where it fails in the same way. */
  async accept(text: string): Promise<boolean> {
    if (text === this.text || this.#refused.has(text)) return false;
    this.tried += 1;
    this.#shrinking.tell(this.tried, text.split("\n").length);
    await this.#shrinking.breathe();
    const outcome = await reproduces(this.#shrinking, text, this.#failure);
    if (outcome === undefined) {
      this.#refused.add(text);
      return false;
    }
    this.text = text;
    this.outcome = outcome;
    return true;
  }

  /** Every version that a way of reducing gives, from where the last one was taken on. */
  async all(versions: (text: string) => Iterable<readonly Edit[]>): Promise<void> {
    let refused = 0;
    for (;;) {
      const found = await this.#next(versions(this.text), refused);
      if (found === undefined) return;
      refused = found;
    }
  }

  /** Takes the first version after `skip` that is good; tells how many before it were not. */
  async #next(versions: Iterable<readonly Edit[]>, skip: number): Promise<number | undefined> {
    let position = 0;
    for (const edits of versions) {
      if (this.#shrinking.isLate()) return undefined;
      if (position++ < skip) continue;
      const text = edited(this.text, edits);
      if (text !== undefined && (await this.accept(text))) return position - 1;
    }
    return undefined;
  }

  *draws(text: string): Generator<Edit[]> {
    const { host, id, poll } = this.#shrinking;
    const module = new ModuleLoader(host.resolve).load(id, text);
    const run = module.declarations.get(this.#failure.run);
    if (run?.kind !== "run") return;
    const made = elaborated({ module, library: makeLibrary(host.data), poll }, run);
    if (made !== undefined) yield* withDraws(module, made.record);
  }
}
