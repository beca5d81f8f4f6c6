/** Where a value breaks a JSON schema, for the words that docs/results.schema.json uses; any other word is refused. */

type Schema = Readonly<Record<string, unknown>>;

const ignored = new Set(["$schema", "$defs", "title", "description"]);

/** Paths and reasons; empty where the value is valid. */
export function schemaProblems(root: Schema, value: unknown): string[] {
  return problemsAt(root, root, value, "$");
}

function problemsAt(root: Schema, schema: Schema, value: unknown, path: string): string[] {
  return Object.entries(schema).flatMap(([word, wanted]) => {
    if (ignored.has(word)) return [];
    return wordProblems({ root, schema, word, wanted }, value, path);
  });
}

interface Rule {
  readonly root: Schema;
  readonly schema: Schema;
  readonly word: string;
  readonly wanted: unknown;
}

function wordProblems({ root, schema, word, wanted }: Rule, value: unknown, path: string): string[] {
  const complaint = (holds: boolean): string[] =>
    holds
      ? []
      : [
          `${path}: ${word} ${JSON.stringify(wanted)}, but it is ${(JSON.stringify(value) as string | undefined)?.slice(0, 80)}`,
        ];
  switch (word) {
    case "$ref": {
      const name = (wanted as string).replace("#/$defs/", "");
      const target = (root["$defs"] as Record<string, Schema | undefined>)[name];
      if (target === undefined) throw new Error(`no definition ${name}`);
      return problemsAt(root, target, value, path);
    }
    case "type":
      return complaint(isOfType(wanted as string, value));
    case "const":
      return complaint(value === wanted);
    case "enum":
      return complaint((wanted as unknown[]).includes(value));
    case "minimum":
      return complaint(typeof value !== "number" || value >= (wanted as number));
    case "pattern":
      return complaint(typeof value !== "string" || new RegExp(wanted as string, "u").test(value));
    case "anyOf":
      return complaint((wanted as Schema[]).some((each) => problemsAt(root, each, value, path).length === 0));
    case "required":
      return (wanted as string[]).flatMap((name) =>
        isObject(value) && !(name in value) ? [`${path}: ${name} is missing`] : [],
      );
    case "items":
      return Array.isArray(value)
        ? value.flatMap((item, i) => problemsAt(root, wanted as Schema, item, `${path}[${String(i)}]`))
        : [];
    case "properties":
      return isObject(value)
        ? Object.entries(wanted as Record<string, Schema>).flatMap(([name, each]) =>
            name in value ? problemsAt(root, each, value[name], `${path}.${name}`) : [],
          )
        : [];
    case "additionalProperties": {
      const known = Object.keys(schema["properties"] ?? {});
      const others = isObject(value) ? Object.entries(value).filter(([name]) => !known.includes(name)) : [];
      return others.flatMap(([name, each]) => problemsAt(root, wanted as Schema, each, `${path}.${name}`));
    }
    default:
      throw new Error(`the validator does not know ${word}`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isOfType(type: string, value: unknown): boolean {
  switch (type) {
    case "object":
      return isObject(value);
    case "array":
      return Array.isArray(value);
    case "null":
      return value === null;
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
