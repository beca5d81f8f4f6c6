/**
 * KaTeX, as the page loads it when the first equation is shown. Bundled to dist/webview/equations.js and equations.css with
 * its fonts. It builds elements and sets their styles by property, which a strict content policy allows.
 */
import "katex/dist/katex.min.css";
import katex from "katex";

window.nnspecTypeset = (tex, into) => {
  katex.render(tex, into, { output: "html", throwOnError: false, strict: "ignore", trust: false });
};
