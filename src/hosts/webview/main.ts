/** The page's entry: names the elements and puts the panel in. Bundled to dist/webview/inspector.js and inspector.css. */
import "./inspector.css";
import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-progress-bar/index.js";
import "@vscode-elements/elements/dist/vscode-textfield/index.js";
import { ChecksView } from "./reports/checks-view";
import { GradcheckView } from "./reports/gradcheck-view";
import { GraphStage } from "./graph/graph-stage";
import { GraphView } from "./graph/graph-view";
import { HeatMap } from "./tensor/heat-map";
import { InspectorPanel } from "./panel/inspector-panel";
import { NumberTable } from "./tensor/number-table";
import { TensorView } from "./tensor/tensor-view";
import { ValuesView } from "./values/values-view";

customElements.define("nnspec-checks", ChecksView);
customElements.define("nnspec-gradcheck", GradcheckView);
customElements.define("nnspec-graph-stage", GraphStage);
customElements.define("nnspec-graph", GraphView);
customElements.define("nnspec-heat-map", HeatMap);
customElements.define("nnspec-number-table", NumberTable);
customElements.define("nnspec-tensor", TensorView);
customElements.define("nnspec-values", ValuesView);
customElements.define("nnspec-inspector", InspectorPanel);
document.body.append(document.createElement("nnspec-inspector"));
