// Owns the lint rules: typescript-eslint's strict-type-checked, and what the house style adds to it.
import js from "@eslint/js";
import tseslint from "typescript-eslint";

const projects = ["core", "node", "web", "test"].map((name) => `./tsconfig.${name}.json`);

/** House rules that no preset has. */
const house = {
  "max-lines": ["error", { max: 400 }],
  "no-restricted-exports": [
    "error",
    { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } },
  ],
  "no-restricted-syntax": ["error", { selector: "TSEnumDeclaration", message: "Use a union of strings." }],
  "no-warning-comments": ["error", { terms: ["fixme", "xxx"] }],
  eqeqeq: "error",
};

export default tseslint.config(
  {
    ignores: [
      "dist/",
      "coverage/",
      "test/e2e/out/",
      "**/node_modules/",
      "bench/peers/",
      "*.{js,cjs,mjs}",
      "scripts/*.cjs",
    ],
  },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { project: projects, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      ...house,
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // Spreading a string gives its code points, which is what a lexer and a table want.
      "@typescript-eslint/no-misused-spread": ["error", { allow: ["string"] }],
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Every indexed read is `T | undefined`; an index that is in bounds by construction is asserted with `!`.
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
  {
    files: ["scripts/**/*.mjs"],
    rules: { "no-undef": "off" },
  },
  {
    // They stand for packages that have a default export.
    files: ["test/editor/assert-web.ts", "test/editor/web-packages.d.ts"],
    rules: { "no-restricted-exports": "off" },
  },
);
