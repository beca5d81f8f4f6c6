/** One equation, typeset. The typesetter comes when the first is shown; until then, and without it, the plain text stands. */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { loadScript, partUrl } from "../state/page-parts";

declare global {
  interface Window {
    /** What equations.js gives the page. */
    nnspecTypeset?: (tex: string, into: HTMLElement) => void;
  }
}

export class EquationLine extends LitElement {
  static override readonly properties = {
    tex: { attribute: false },
    text: { attribute: false },
    isReady: { state: true },
  };
  declare tex: string;
  /** The same in plain text, for screen readers and for the time before it is typeset. */
  declare text: string;
  declare private isReady: boolean;

  constructor() {
    super();
    this.tex = "";
    this.text = "";
    this.isReady = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    loadFonts();
    loadScript("equations.js").then(
      () => (this.isReady = true),
      () => (this.isReady = false),
    );
  }

  override render(): TemplateResult {
    return html`<link rel="stylesheet" href=${partUrl("equations.css")} />
      <span class="equation" role="math" aria-label=${this.text}
        ><span class="set"></span
        >${this.isReady ? nothing : html`<span class="plain">${this.text}</span>`}</span
      >`;
  }

  override updated(): void {
    const set = this.renderRoot.querySelector<HTMLElement>(".set");
    if (set !== null && this.isReady) window.nnspecTypeset?.(this.tex, set);
  }

  static override readonly styles = css`
    :host {
      display: inline-block;
      max-width: 100%;
      overflow-x: auto;
      overflow-y: hidden;
    }
    .equation {
      display: inline-block;
      padding: 2px 0;
      white-space: nowrap;
    }
    .plain {
      font-family: var(--vscode-editor-font-family, monospace);
    }
  `;
}

let areFontsLoaded = false;

/** Fonts are the document's, not a shadow root's. */
function loadFonts(): void {
  if (areFontsLoaded) return;
  areFontsLoaded = true;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = partUrl("equations.css");
  document.head.append(link);
}
