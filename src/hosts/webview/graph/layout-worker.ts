/** The layout engine in a worker of its own: it takes the messages of its API. Bundled to dist/webview/graph-layout.js. */
import "elkjs/lib/elk-worker.min.js";
