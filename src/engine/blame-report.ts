/** What is blamed, by names and ranges. Knows no verdicts. */
import type { BlameReport, GradcheckReport, Range } from "../protocol";
import type { GradcheckOutcome } from "../runtime/gradcheck";
import type { NodeNames } from "./node-names";
import { originPlace, type Places } from "./places";

type Blame = GradcheckOutcome["blame"][number];
type BlamedPlace = NonNullable<Blame["also"]>[number];
type BlamedPlaceReport = NonNullable<GradcheckReport["blame"][number]["also"]>[number];

/** What has no origin of its own is where the question is asked. */
export class BlameReporter {
  readonly #names: NodeNames;
  readonly #places: Places;
  readonly #range: Range;

  constructor(names: NodeNames, places: Places, range: Range) {
    this.#names = names;
    this.#places = places;
    this.#range = range;
  }

  /** What has no place for another file is shown where it is asked for. */
  rangeHere(origin: unknown): Range {
    const place = this.#rangeOf(origin);
    return place.file === undefined ? place.range : this.#range;
  }

  report({ application, rule, node, value, index, explanation, also = [] }: Blame): BlameReport {
    const ruleAt = this.#rangeOf(
      application === undefined ? node.origin : (ruleOrigin(application, rule) ?? application.origin),
    );
    // What is named inside of an op is known to its application alone.
    const other = application?.otherNames?.get(node)?.find(({ name }) => name === value);
    const isInside = other !== undefined || (value !== undefined && application?.names?.get(node) === value);
    const place =
      value === undefined ? undefined : (other?.origin ?? this.#names.placeOf(node, value) ?? node.origin);
    return {
      op: application?.name ?? "",
      rule,
      node: (isInside ? value : this.#names.of(node, value)) ?? "",
      ...(place === undefined ? ruleAt : { ...this.#rangeOf(place), ruleRange: ruleAt.range }),
      index,
      explanation,
      ...(also.length === 0 ? {} : { also: also.map((each) => this.#also(each)) }),
    };
  }

  #also({ application, rule, node, value, index }: BlamedPlace): BlamedPlaceReport {
    const place = value === undefined ? application?.origin : this.#names.placeOf(node, value);
    return { rule, node: this.#names.of(node, value) ?? "", ...this.#rangeOf(place), index };
  }

  #rangeOf(origin: unknown): { readonly range: Range; readonly file?: string } {
    const place = originPlace(origin);
    if (place === undefined) return { range: this.#range };
    const file = this.#places.otherFile(place);
    return { range: this.#places.rangeOf(place), ...(file === null ? {} : { file }) };
  }
}

/** Where the rule itself stands, rather than the application it failed in. */
function ruleOrigin(application: NonNullable<Blame["application"]>, rule: string): unknown {
  const space = rule.indexOf(" ");
  const mode = rule.slice(0, space);
  if (mode !== "vjp" && mode !== "jvp") return undefined;
  // Of one node that is given for several inputs, the first rule.
  return application.ruleOrigins?.get(rule.split(", ")[0]!);
}
