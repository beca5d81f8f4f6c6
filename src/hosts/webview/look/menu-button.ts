/**
 * A button that opens a short list of actions, as the editor's own menus: the arrow keys walk it, Escape closes it.
 * Owns whether it is open; what an entry does is its owner's.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { icon, type IconName } from "./icons";
import { sharedStyles } from "./shared-styles";

export interface MenuEntry {
  readonly label: string;
  /** What stands at its end, faint. */
  readonly detail?: string;
  /** Present for an entry that is one of several choices. */
  readonly checked?: boolean;
  readonly disabled?: boolean;
  readonly act: () => void;
}

export class MenuButton extends LitElement {
  static override readonly properties = {
    label: { attribute: false },
    name: { attribute: false },
    symbol: { attribute: false },
    entries: { attribute: false },
    open: { state: true },
  };
  /** What stands on the button; empty for an icon alone. */
  declare label: string;
  /** What a screen reader says. */
  declare name: string;
  declare symbol: IconName;
  declare entries: readonly MenuEntry[];
  declare private open: boolean;

  constructor() {
    super();
    this.label = "";
    this.entries = [];
    this.open = false;
  }

  override render(): TemplateResult {
    return html`<button
        class="tool"
        aria-haspopup="menu"
        aria-expanded=${this.open}
        aria-label=${this.name}
        title=${this.name}
        @click=${this.toggle}
        @keydown=${this.onButtonKey}
      >
        ${icon(this.symbol)} ${this.label}
      </button>
      ${
        this.open
          ? html`<div
              class="menu"
              role="menu"
              aria-label=${this.name}
              @keydown=${this.onKey}
              @focusout=${this.onFocusOut}
            >
              ${this.entries.map((entry) => this.entry(entry))}
            </div>`
          : nothing
      }`;
  }

  private entry(entry: MenuEntry): TemplateResult {
    const { label, detail, checked, disabled = false } = entry;
    const words = html`<span class="mark">${checked === true ? icon("check") : nothing}</span>
      <span>${label}</span> <span class="faint detail">${detail ?? ""}</span>`;
    const choose = (): void => this.choose(entry);
    return checked === undefined
      ? html`<button role="menuitem" tabindex="-1" aria-disabled=${disabled} @click=${choose}>
          ${words}
        </button>`
      : html`<button
          role="menuitemradio"
          tabindex="-1"
          aria-checked=${checked}
          aria-disabled=${disabled}
          @click=${choose}
        >
          ${words}
        </button>`;
  }

  private choose({ disabled = false, act }: MenuEntry): void {
    if (disabled) return;
    this.close();
    act();
  }

  private readonly toggle = (): void => {
    if (this.open) this.close();
    else this.show(0);
  };

  private show(at: number): void {
    this.open = true;
    void this.updateComplete.then(() => {
      this.keepInside();
      this.focusEntry(at);
    });
  }

  private close(): void {
    this.open = false;
    this.renderRoot.querySelector<HTMLElement>(".tool")?.focus();
  }

  /** The menu hangs from the button's right end, or from its left one where there is no room. */
  private keepInside(): void {
    const menu = this.renderRoot.querySelector<HTMLElement>(".menu");
    if (menu !== null && menu.getBoundingClientRect().left < 0) menu.classList.add("rightwards");
  }

  private focusEntry(at: number): void {
    const entries = [...this.renderRoot.querySelectorAll<HTMLElement>(".menu > button")];
    entries[(at + entries.length) % entries.length]?.focus();
  }

  private readonly onButtonKey = (event: KeyboardEvent): void => {
    if (this.open || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    event.preventDefault();
    this.show(event.key === "ArrowDown" ? 0 : -1);
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const entries = [...this.renderRoot.querySelectorAll<HTMLElement>(".menu > button")];
    const at = entries.indexOf(event.target as HTMLElement); // Only elements take the keyboard.
    const places: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    const place = places[event.key];
    if (place !== undefined) this.focusEntry(place);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  private readonly onFocusOut = (event: FocusEvent): void => {
    const to = event.relatedTarget;
    if (!(to instanceof Node) || !this.renderRoot.contains(to)) this.open = false;
  };

  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        position: relative;
        display: inline-flex;
        font-weight: normal;
      }
      .menu {
        position: absolute;
        z-index: 10;
        top: 100%;
        inset-inline-end: 0;
        display: flex;
        flex-direction: column;
        min-width: 160px;
        max-width: min(420px, 90vw);
        max-height: 320px;
        margin-top: 2px;
        padding: 4px;
        overflow: auto;
        border: 1px solid
          var(--vscode-menu-border, var(--vscode-widget-border, var(--vscode-contrastBorder, transparent)));
        border-radius: 5px;
        background: var(--vscode-menu-background, var(--vscode-dropdown-background));
        color: var(--vscode-menu-foreground, var(--vscode-dropdown-foreground));
        box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
      }
      .menu.rightwards {
        inset-inline: 0 auto;
      }
      .menu button {
        display: grid;
        grid-template-columns: 18px 1fr auto;
        align-items: center;
        gap: 4px;
        padding: 2px 8px 2px 2px;
        border: 1px solid transparent;
        border-radius: 3px;
        background: none;
        text-align: start;
        white-space: nowrap;
        cursor: pointer;
      }
      .menu button:hover,
      .menu button:focus {
        background: var(--vscode-menu-selectionBackground, var(--vscode-list-activeSelectionBackground));
        color: var(--vscode-menu-selectionForeground, var(--vscode-list-activeSelectionForeground));
        border-color: var(--vscode-menu-selectionBorder, transparent);
      }
      .menu button:focus .faint,
      .menu button:hover .faint {
        color: inherit;
      }
      .menu button[aria-disabled="true"] {
        opacity: 0.5;
        cursor: default;
      }
      .detail {
        padding-inline-start: 16px;
      }
    `,
  ];
}
