// The manifest and the code that stands behind it: commands, settings, the walkthrough and its pictures.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(__dirname, "../../..");

interface Manifest {
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly icon?: string;
    }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly keybindings: readonly {
      readonly command: string;
      readonly key: string;
      readonly mac?: string;
      readonly when?: string;
    }[];
    readonly configuration: {
      readonly properties: Readonly<
        Record<
          string,
          { readonly markdownDescription?: string; readonly scope?: string; readonly default?: unknown }
        >
      >;
    };
    readonly languages: readonly { readonly icon?: Readonly<Record<string, string>> }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly id: string;
        readonly title: string;
        readonly description: string;
        readonly media: { readonly svg: string; readonly altText: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
  };
}

// JSON has no types; the tests below hold what matters.
const { contributes } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as Manifest;
const source = readdirSync(path.join(root, "src/hosts"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(path.join(root, "src/hosts", file), "utf8"))
  .join("\n");

suite("extension: manifest", () => {
  const declared = contributes.commands.map(({ command }) => command);

  test("every command has a row in the table, and every row a command", () => {
    const table = readFileSync(path.join(root, "src/hosts/extension/commands.ts"), "utf8");
    const rows = [...table.matchAll(/\{\s*id: "(nnspec\.\w+)"/g)].map(([, id]) => id);
    assert.deepEqual([...rows].sort(), [...declared].sort());
  });

  test("every command has an icon and a title that says what will happen", () => {
    for (const { command, title, icon } of contributes.commands) {
      assert.match(icon ?? "", /^\$\([\w~-]+\)$/, command);
      assert.match(title, /^[A-Z]/, command);
    }
  });

  test("menus and keys name commands that there are; keys have conditions", () => {
    for (const { command } of Object.values(contributes.menus).flat())
      assert.ok(declared.includes(command), command);
    for (const { command, when } of contributes.keybindings) {
      assert.ok(declared.includes(command), command);
      assert.match(when ?? "", /editorLangId == nnspec/, command);
    }
  });

  test("no key is one that the editor has for something else while a text has the focus", () => {
    // Open Chat, the developer tools of macOS, line moves and copies, Go to Definition, Quick Fix, Format, hover, comments.
    const taken = [
      "ctrl+alt+i",
      "cmd+alt+i",
      "ctrl+cmd+i",
      "alt+up",
      "shift+alt+up",
      "f12",
      "ctrl+.",
      "shift+alt+f",
    ];
    taken.push(
      "ctrl+k ctrl+i",
      "ctrl+k ctrl+c",
      "ctrl+enter",
      "ctrl+shift+enter",
      "shift+enter",
      "ctrl+shift+i",
    );
    for (const { command, key, mac } of contributes.keybindings)
      for (const each of [key, mac]) assert.ok(!taken.includes(each ?? ""), `${command}: ${each ?? ""}`);
    // While the find widget is there, these select and replace its matches.
    for (const { key, when } of contributes.keybindings.filter(({ key }) =>
      /^(?:ctrl\+)?alt\+enter$/.test(key),
    ))
      assert.match(when ?? "", /!findWidgetVisible/, key);
  });

  test("every setting is described, has a scope and a default, and is read", () => {
    for (const [name, setting] of Object.entries(contributes.configuration.properties)) {
      assert.ok((setting.markdownDescription ?? "").length > 20, name);
      assert.ok(["window", "resource"].includes(setting.scope ?? ""), name);
      assert.notEqual(setting.default, undefined, name);
      const short = name.replace("nnspec.", "");
      assert.ok(source.includes(`"${short}"`) || source.includes(`"${name}"`), `${name} is never read`);
    }
  });

  test("the walkthrough has five steps, each a verb with a command and a picture that names what it shows", () => {
    const [walkthrough, ...others] = contributes.walkthroughs;
    assert.deepEqual(others, []);
    assert.deepEqual(
      walkthrough?.steps.map(({ id }) => id),
      ["write", "run", "inspect", "check", "solve"],
    );
    for (const { title, description, media, completionEvents } of walkthrough.steps) {
      assert.match(title, /^(Write|Run|Inspect|Check|Solve) /);
      const [, command] = /\(command:(nnspec\.\w+)\)/.exec(description) ?? [];
      assert.ok(command !== undefined && declared.includes(command), description);
      assert.ok(completionEvents.includes(`onCommand:${command}`));
      assert.ok(media.altText.length > 20);
      const picture = readFileSync(path.join(root, media.svg), "utf8");
      assert.match(picture, /<title>/);
      assert.ok(
        picture.includes("var(--vscode-editor-foreground"),
        `${media.svg} has the colours of the theme`,
      );
    }
  });

  test("the language has an icon for light and dark themes", () => {
    const { light, dark } = contributes.languages[0]?.icon ?? {};
    for (const file of [light, dark])
      assert.ok(file !== undefined && existsSync(path.join(root, file)), file);
  });
});
