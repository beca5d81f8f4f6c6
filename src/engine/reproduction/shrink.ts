/** Makes a failing spec smaller while it fails in the same way. Owns the order of attempts and their bounds. */
import { ModuleLoader } from "../../language/check";
import { format, parse, type Edit } from "../../language/syntax";
import { makeLibrary } from "../library";
import { edited } from "../rewriting";
import { elaborated } from "../trials";
import { failsSo, reproduces, type Failure, type Judging, type Outcome } from "./failure";
import { removal, withoutComments, withoutParts, withSmallerSizes } from "./reductions";
import { withDraws } from "./self-contained";

export interface Shrinking extends Judging {
  readonly breathe: () => Promise<void>;
  /** Whether this share of the time is over. */
  readonly isLate: (share: number) => boolean;
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
  // What fails by the same rule or check is nearly always explained alike: that is looked at once, at the end.
  const quick = failure.kind === "check" || failure.rule !== undefined;
  const small = quick ? await smallest(shrinking, text, failure, "quick") : undefined;
  if (quick && small === undefined) return undefined;
  const first = small && (await verified(shrinking, small, failure));
  if (first !== undefined) return first;
  const careful = await smallest(shrinking, text, failure, "careful");
  const found = careful && (await verified(shrinking, careful, failure));
  return found && { ...found, tried: found.tried + (small?.tried ?? 0) };
}

interface Small {
  readonly text: string;
  readonly tried: number;
}

async function verified(
  shrinking: Shrinking,
  { text, tried }: Small,
  failure: Failure,
): Promise<Shrunk | undefined> {
  for (const version of [format(withoutComments(text)), text]) {
    const outcome = await reproduces(shrinking, version, failure);
    if (outcome !== undefined) return { text: version, outcome, tried: tried + 1 };
  }
  return undefined;
}

/** "careful" looks at the explanation of every version that is taken. */
type Care = "quick" | "careful";

async function smallest(
  shrinking: Shrinking,
  text: string,
  failure: Failure,
  care: Care,
): Promise<Small | undefined> {
  const attempts = new Attempts(shrinking, failure, care);
  // The smaller the sizes, the quicker all that follows: a large original is itself looked at only where nothing smaller fails.
  const start = focused(text, failure);
  attempts.text = start;
  await attempts.all(withSmallerSizes);
  if (attempts.text === start && !(await attempts.fails(start))) {
    if (!(await attempts.fails(text))) return undefined;
    attempts.text = text;
  }
  for (let before = ""; before !== attempts.text && !attempts.isLate;) {
    before = attempts.text;
    await attempts.all(withoutParts);
    await attempts.all((current) => attempts.draws(current));
    await attempts.all(withSmallerSizes);
  }
  return attempts;
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
  tried = 0;
  readonly #shrinking: Shrinking;
  readonly #failure: Failure;
  readonly #care: Care;
  readonly #refused = new Set<string>();

  constructor(shrinking: Shrinking, failure: Failure, care: Care) {
    this.#shrinking = shrinking;
    this.#failure = failure;
    this.#care = care;
  }

  /** A quick search leaves time for a careful one. */
  get isLate(): boolean {
    return this.#shrinking.isLate(this.#care === "quick" ? 0.6 : 1);
  }

  /** Takes the text where it fails in the same way. */
  async accept(text: string): Promise<boolean> {
    if (text === this.text || this.#refused.has(text)) return false;
    const fails = await this.fails(text);
    if (fails) this.text = text;
    else this.#refused.add(text);
    return fails;
  }

  async fails(text: string): Promise<boolean> {
    this.tried += 1;
    this.#shrinking.tell(this.tried, text.split("\n").length);
    await this.#shrinking.breathe();
    return this.#care === "quick"
      ? failsSo(this.#shrinking, text, this.#failure)
      : (await reproduces(this.#shrinking, text, this.#failure)) !== undefined;
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
      if (this.isLate) return undefined;
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
