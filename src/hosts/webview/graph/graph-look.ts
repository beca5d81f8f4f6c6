/** The colours and fonts of a drawing, from the editor's tokens. Knows nothing of canvases or SVG. */
import type { ThemeKind } from "../look/color-scale";
import { currentTheme } from "../look/theme";
import type { Box } from "./folded-graph";

export interface GraphLook {
  readonly kind: ThemeKind;
  readonly background: string;
  readonly card: string;
  readonly container: string;
  readonly border: string;
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly flow: string;
  readonly focus: string;
  readonly selected: string;
  readonly match: string;
  readonly family: string;
  readonly accents: Readonly<Record<Accent, string>>;
}

export type Accent = "parameter" | "input" | "value" | "operator" | "body";

export function graphLook(): GraphLook {
  const styles = getComputedStyle(document.body);
  const token = (name: string, otherwise: string): string =>
    styles.getPropertyValue(`--vscode-${name}`).trim() || otherwise;
  const theme = currentTheme();
  const isLight = theme.kind === "light" || theme.kind === "high-contrast-light";
  const isContrast = theme.kind.startsWith("high-contrast");
  const background = token("editor-background", isLight ? "#ffffff" : "#1f1f1f");
  const border = isContrast
    ? token("contrastBorder", theme.foreground)
    : token("editorWidget-border", isLight ? "#c8c8c8" : "#4a4a4a");
  return {
    kind: theme.kind,
    background,
    card: isContrast ? background : isLight ? "#f6f6f7" : "#292a2d",
    container: isContrast ? "transparent" : isLight ? "#00000008" : "#ffffff08",
    border,
    text: theme.foreground,
    faint: theme.faint,
    line: isContrast ? theme.foreground : isLight ? "#8a8f98" : "#7d838c",
    flow: styles.getPropertyValue("--gradient-ink").trim() || theme.foreground,
    focus: theme.focus,
    selected: isContrast
      ? background
      : token("list-inactiveSelectionBackground", isLight ? "#e4e6f1" : "#37373d"),
    match: token("editorWarning-foreground", isLight ? "#bf8803" : "#cca700"),
    family: token("editor-font-family", "monospace"),
    accents: {
      parameter: token("charts-green", isLight ? "#388a34" : "#89d185"),
      input: token("charts-blue", isLight ? "#1a85ff" : "#3794ff"),
      value: isLight ? "#8a8f98" : "#7d838c",
      operator: "transparent",
      body: token("charts-purple", isLight ? "#652d90" : "#b180d7"),
    },
  };
}

export function accentOf({ kind, node }: Box): Accent {
  if (kind !== "node" || node === null) return "body";
  switch (node.role) {
    case "parameter":
    case "draw":
      return "parameter";
    case "input":
    case "constant":
      return "input";
    case "operator":
      return "operator";
    case "value":
    case "gradient":
      return node.op === "" ? "input" : "value";
  }
}
