// Owns the type of an imported style sheet: the bundler collects them into dist/webview/inspector.css.
declare module "*.css";
