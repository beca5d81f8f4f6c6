/** The editor's colours as a canvas needs them: read from the tokens, and again whenever the theme changes. */
import { parseColor, type Rgb } from "./color-space";
import type { ThemeKind } from "./color-scale";

export interface Theme {
  readonly kind: ThemeKind;
  readonly background: Rgb;
  readonly foreground: string;
  readonly faint: string;
  readonly focus: string;
  readonly numberFont: string;
}

const kinds: Readonly<Record<string, ThemeKind>> = {
  "vscode-light": "light",
  "vscode-dark": "dark",
  "vscode-high-contrast": "high-contrast",
  "vscode-high-contrast-light": "high-contrast-light",
};

export function currentTheme(): Theme {
  const styles = getComputedStyle(document.body);
  const token = (name: string, otherwise: string): string =>
    styles.getPropertyValue(`--vscode-${name}`).trim() || otherwise;
  const kind = kinds[document.body.dataset["vscodeThemeKind"] ?? ""] ?? kindOfClasses();
  const light = kind === "light" || kind === "high-contrast-light";
  const foreground = token("foreground", light ? "#3b3b3b" : "#cccccc");
  return {
    kind,
    background: parseColor(token("editor-background", "")) ?? (light ? [255, 255, 255] : [31, 31, 31]),
    foreground,
    faint: token("descriptionForeground", foreground),
    focus: token("focusBorder", "#0078d4"),
    numberFont: `11px ${token("editor-font-family", "monospace")}`,
  };
}

function kindOfClasses(): ThemeKind {
  // The high-contrast light theme has the class of high contrast as well: the most specific one decides.
  const found = Object.keys(kinds).filter((name) => document.body.classList.contains(name));
  return kinds[found.at(-1) ?? ""] ?? "dark";
}

/** Calls back after every change of theme. Returns what ends it. */
export function onDidChangeTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style", "class"] });
  observer.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-kind"] });
  return () => observer.disconnect();
}
