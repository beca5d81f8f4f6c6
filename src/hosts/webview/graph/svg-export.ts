/** A scene as an SVG file of its own: its colours and fonts inside, nothing else needed. No DOM. */
import { boxPadding, foldWidth, headHeight, smallSize, titleOf, titleSize } from "./box-size";
import type { PlacedBox, Rect } from "./drawing";
import { accentOf, type GraphLook } from "./graph-look";
import { arrowPath, linePath } from "./line-paths";
import { type Scene, secondLineOf } from "./scene";

const margin = 12;
const radius = 6;

export function sceneSvg(scene: Scene, look: GraphLook, title: string): string {
  const { width, height, boxes } = scene.drawing;
  const [w, h] = [Math.ceil(width + 2 * margin), Math.ceil(height + 2 * margin)];
  const view = [-margin, -margin, w, h].join(" ");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(w)}" height="${String(h)}" viewBox="${view}" font-family="${escaped(look.family)}">`,
    `<title>${escaped(title)}</title>`,
    `<rect x="${String(-margin)}" y="${String(-margin)}" width="100%" height="100%" fill="${look.background}"/>`,
    ...boxes.filter(({ box }) => box.fold === "open").map((placed) => containerSvg(placed, look)),
    linesSvg(scene, look),
    labelsSvg(scene, look),
    ...boxes.filter(({ box }) => box.fold !== "open").map((placed) => cardSvg(scene, placed, look)),
    "</svg>",
    "",
  ].join("\n");
}

function containerSvg(placed: PlacedBox, look: GraphLook): string {
  const { box, x, y } = placed;
  const title = `${titleOf(box)}${box.what === "" ? "" : ` : ${box.what}`}`;
  return `<g>${rectSvg(placed, look.container, look.border, ' stroke-dasharray="4 3"')}${textSvg(title, x + boxPadding, y + headHeight / 2, smallSize, look.faint)}</g>`;
}

function cardSvg(scene: Scene, placed: PlacedBox, look: GraphLook): string {
  const { box, x, y, height } = placed;
  const second = secondLineOf(scene, placed);
  const accent = look.accents[accentOf(box)];
  const left = x + boxPadding + (box.fold === "closed" ? foldWidth : 0);
  return [
    "<g>",
    rectSvg(placed, look.card, look.border),
    accent === "transparent"
      ? ""
      : `<rect x="${number(x)}" y="${number(y + 3)}" width="3" height="${number(height - 6)}" fill="${accent}"/>`,
    box.fold === "closed"
      ? `<path d="M${number(x + boxPadding + 2)} ${number(y + 10)}l4 4l-4 4" fill="none" stroke="${look.text}"/>`
      : "",
    textSvg(titleOf(box), left, second === "" ? y + height / 2 : y + 14, titleSize, look.text),
    second === "" ? "" : textSvg(second, x + boxPadding, y + 29, smallSize, look.faint),
    "</g>",
  ].join("");
}

function linesSvg({ batches, mode }: Scene, look: GraphLook): string {
  const color = mode === "forward" ? look.line : look.flow;
  return batches
    .map(({ width, lines }) => {
      const path = lines.map(({ points }) => linePath(points)).join("");
      const arrows = lines.map(({ points }) => arrowPath(points, width)).join("");
      return `<path d="${path}" fill="none" stroke="${color}" stroke-width="${String(width)}"/><path d="${arrows}" fill="${color}"/>`;
    })
    .join("\n");
}

function labelsSvg({ batches }: Scene, look: GraphLook): string {
  return batches
    .flatMap(({ lines }) => lines)
    .flatMap(({ label }) => {
      if (label === null) return [];
      const back = `<rect x="${number(label.x)}" y="${number(label.y)}" width="${number(label.width)}" height="${number(label.height)}" fill="${look.background}"/>`;
      return [back + textSvg(label.text, label.x + 4, label.y + label.height / 2, smallSize, look.faint)];
    })
    .join("\n");
}

function rectSvg({ x, y, width, height }: Rect, fill: string, stroke: string, more = ""): string {
  return `<rect x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}" rx="${String(radius)}" fill="${fill}" stroke="${stroke}"${more}/>`;
}

function textSvg(text: string, x: number, y: number, size: number, fill: string): string {
  return `<text x="${number(x)}" y="${number(y)}" dominant-baseline="central" font-size="${String(size)}" fill="${fill}">${escaped(text)}</text>`;
}

function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${String(character.codePointAt(0))};`);
}
