/** uPlot, as the page loads it when the first curve is shown. Bundled to dist/webview/curves.js. */
import uPlot from "uplot";

window.nnspecPlotter = uPlot;
