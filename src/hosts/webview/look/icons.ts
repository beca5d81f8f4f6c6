/** The panel's icons: 16 × 16 line drawings in the text's colour, decorative unless their owner names them. */
import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";

const drawings = {
  run: svg`<path d="M4.5 2.8v10.4L13 8z" fill="currentColor"/>`,
  stop: svg`<rect x="3.5" y="3.5" width="9" height="9" rx="1" fill="currentColor"/>`,
  check: svg`<path d="m2.8 8.6 3.4 3.4 7-8" fill="none" stroke="currentColor" stroke-width="1.8"/>`,
  cross: svg`<path d="m3.8 3.8 8.4 8.4m0-8.4-8.4 8.4" fill="none" stroke="currentColor" stroke-width="1.8"/>`,
  warning: svg`<path d="M8 2 14.6 13.6H1.4z" fill="none" stroke="currentColor" stroke-width="1.3" stroke-linejoin="round"/><path d="M8 6.2v3.6m0 1v1.2" stroke="currentColor" stroke-width="1.4"/>`,
  pending: svg`<circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" stroke-width="1.3" stroke-dasharray="2.4 2"/>`,
  undecided: svg`<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.2"/><path d="M6.2 6.4a1.9 1.9 0 1 1 2.6 1.7c-.6.3-.8.6-.8 1.3m0 1.1v1.1" fill="none" stroke="currentColor" stroke-width="1.2"/>`,
  pin: svg`<path d="M5.5 2.2h5l-.6 4.2 2 2.2v1.2H4.1V8.6l2-2.2zM8 9.8v4.4" fill="none" stroke="currentColor" stroke-width="1.2" stroke-linejoin="round"/>`,
  pinned: svg`<path d="M5.5 2.2h5l-.6 4.2 2 2.2v1.2H4.1V8.6l2-2.2z" fill="currentColor"/><path d="M8 9.8v4.4" stroke="currentColor" stroke-width="1.4"/>`,
  line: svg`<path d="M2 4h7M2 8h5m-5 4h7m1.2-6.6L13 8l-2.8 2.6M7.5 8H13" fill="none" stroke="currentColor" stroke-width="1.2"/>`,
  chevron: svg`<path d="m6 4 4 4-4 4" fill="none" stroke="currentColor" stroke-width="1.4"/>`,
  plus: svg`<path d="M8 3v10M3 8h10" stroke="currentColor" stroke-width="1.4"/>`,
  minus: svg`<path d="M3 8h10" stroke="currentColor" stroke-width="1.4"/>`,
  fit: svg`<path d="M2.5 6V2.5H6m4 0h3.5V6m0 4v3.5H10m-4 0H2.5V10" fill="none" stroke="currentColor" stroke-width="1.3"/>`,
  table: svg`<path d="M2.5 2.5h11v11h-11zm0 3.6h11M2.5 9.8h11M6.2 2.5v11m3.7-11v11" fill="none" stroke="currentColor"/>`,
  preview: svg`<path d="M2.5 2.5h11v11h-11z" fill="none" stroke="currentColor"/><path d="M3 9h10v4.5H3z" fill="currentColor"/>`,
  more: svg`<path d="M3 8h.1m4.8 0h.1m4.8 0h.1" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round"/>`,
  copy: svg`<path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" fill="none" stroke="currentColor" stroke-width="1.2"/>`,
  save: svg`<path d="M8 2.5v7m-3-2.8 3 3 3-3M2.8 10.5v3h10.4v-3" fill="none" stroke="currentColor" stroke-width="1.3"/>`,
  history: svg`<path d="M3.2 5.2A5.6 5.6 0 1 1 2.4 8M3 2.5v2.9h2.9M8 4.8V8l2.2 1.8" fill="none" stroke="currentColor" stroke-width="1.3"/>`,
  facets: svg`<path d="M2.5 2.5h4.6v4.6H2.5zM8.9 2.5h4.6v4.6H8.9zM2.5 8.9h4.6v4.6H2.5zM8.9 8.9h4.6v4.6H8.9z" fill="none" stroke="currentColor"/>`,
  compare: svg`<path d="M2.5 3.5h4.6v9H2.5zM8.9 3.5h4.6v9H8.9z" fill="none" stroke="currentColor"/><path d="M8.9 6.5h4.6v3H8.9z" fill="currentColor"/>`,
  clip: svg`<path d="M2 12.5h2.5V6h2V3.5h3V6h2v6.5H14" fill="none" stroke="currentColor" stroke-width="1.2"/><path d="M4.5 1.5v3m7-3v3" stroke="currentColor" stroke-width="1.2" stroke-dasharray="1.5 1"/>`,
  error: svg`<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.3"/><path d="M8 4.4v4.4m0 1.4v1.5" stroke="currentColor" stroke-width="1.5"/>`,
  down: svg`<path d="M5.5 2.5h5v3h-5zm0 8h5v3h-5zM8 5.5v5" fill="none" stroke="currentColor" stroke-width="1.2"/>`,
  right: svg`<path d="M2.5 5.5h3v5h-3zm8 0h3v5h-3zM5.5 8h5" fill="none" stroke="currentColor" stroke-width="1.2"/>`,
  pause: svg`<path d="M4.5 3.5h2.4v9H4.5zm4.6 0h2.4v9H9.1z" fill="currentColor"/>`,
  previous: svg`<path d="M12 3.2v9.6L5.6 8zM4.2 3.5v9" fill="currentColor" stroke="currentColor" stroke-width="1.2"/>`,
  next: svg`<path d="M4 3.2v9.6L10.4 8zm7.8.3v9" fill="currentColor" stroke="currentColor" stroke-width="1.2"/>`,
} satisfies Readonly<Record<string, SVGTemplateResult>>;

export type IconName = keyof typeof drawings;

export function icon(name: IconName, className = ""): TemplateResult {
  return html`<svg class="icon ${className}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    ${drawings[name]}
  </svg>`;
}
