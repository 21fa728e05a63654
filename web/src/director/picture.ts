// A drawing of the page as a PNG. Its shapes are painted one by one with the colours they have on the
// page: the policy lets no picture be made of the SVG's text.
import { fileName, saveFile } from '../lib/save';

const WIDTH = 1600;
const MARGIN = 40;
const TITLE = 34;
const LINE = 44;

function shapeOf(shape: SVGElement): Path2D | undefined {
  const number = (name: string) => Number(shape.getAttribute(name) ?? '0');
  const drawn = new Path2D();
  switch (shape.tagName) {
    case 'path':
      return new Path2D(shape.getAttribute('d') ?? '');
    case 'rect':
      drawn.rect(number('x'), number('y'), number('width'), number('height'));
      return drawn;
    case 'circle':
      drawn.arc(number('cx'), number('cy'), number('r'), 0, 2 * Math.PI);
      return drawn;
    case 'line':
      drawn.moveTo(number('x1'), number('y1'));
      drawn.lineTo(number('x2'), number('y2'));
      return drawn;
    default:
      return undefined;
  }
}

function paintText(canvas: CanvasRenderingContext2D, text: SVGElement, style: CSSStyleDeclaration): void {
  canvas.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const anchors: Record<string, CanvasTextAlign> = { middle: 'center', end: 'right' };
  canvas.textAlign = anchors[style.textAnchor] ?? 'left';
  canvas.fillStyle = style.fill;
  canvas.fillText(text.textContent ?? '', Number(text.getAttribute('x')), Number(text.getAttribute('y')));
}

/** `scale`: pixels of the picture for a unit of the drawing; lines that do not grow keep their width. */
function paintShape(canvas: CanvasRenderingContext2D, shape: SVGElement, scale: number): void {
  const style = getComputedStyle(shape);
  if (style.display === 'none' || shape.closest('defs, pattern')) {
    return;
  }
  if (shape.tagName === 'text') {
    paintText(canvas, shape, style);
    return;
  }
  const drawn = shapeOf(shape);
  if (!drawn) {
    return;
  }
  if (style.fill !== 'none' && !style.fill.startsWith('url')) {
    canvas.fillStyle = style.fill;
    canvas.fill(drawn, style.fillRule === 'evenodd' ? 'evenodd' : 'nonzero');
  }
  if (style.stroke !== 'none') {
    const width = Number.parseFloat(style.strokeWidth);
    canvas.strokeStyle = style.stroke;
    canvas.lineWidth = style.getPropertyValue('vector-effect') === 'non-scaling-stroke' ? (2 * width) / scale : width;
    canvas.setLineDash(style.strokeDasharray === 'none' ? [] : style.strokeDasharray.split(',').map((one) => Number.parseFloat(one)));
    canvas.stroke(drawn);
  }
}

/** The drawing with its title above and the lines of its legend below. */
export async function savePicture(drawing: SVGSVGElement, title: string, legend: readonly { words: string; colour: string }[], name: readonly string[]): Promise<void> {
  const { width, height } = drawing.viewBox.baseVal;
  const scale = (WIDTH - 2 * MARGIN) / width;
  const top = MARGIN + 2 * TITLE;
  const sheet = document.createElement('canvas');
  sheet.width = WIDTH;
  sheet.height = Math.round(top + height * scale + MARGIN + legend.length * LINE + MARGIN);
  const canvas = sheet.getContext('2d');
  if (!canvas) {
    return;
  }
  const page = getComputedStyle(document.body);
  canvas.fillStyle = page.backgroundColor;
  canvas.fillRect(0, 0, sheet.width, sheet.height);
  canvas.fillStyle = page.color;
  canvas.font = `700 ${TITLE}px ${page.fontFamily}`;
  canvas.fillText(title, MARGIN, MARGIN + TITLE, WIDTH - 2 * MARGIN);
  legend.forEach(({ words, colour }, line) => {
    const y = sheet.height - MARGIN - (legend.length - line) * LINE;
    canvas.fillStyle = colour;
    canvas.fillRect(MARGIN, y, LINE - 10, LINE - 10);
    canvas.strokeStyle = canvas.fillStyle = page.color;
    canvas.strokeRect(MARGIN, y, LINE - 10, LINE - 10);
    canvas.font = `${TITLE - 8}px ${page.fontFamily}`;
    canvas.fillText(words, MARGIN + LINE + 10, y + TITLE - 8);
  });
  canvas.translate(MARGIN, top);
  canvas.scale(scale, scale);
  drawing.querySelectorAll<SVGElement>('path, rect, circle, line, text').forEach((shape) => paintShape(canvas, shape, scale));
  const picture = await new Promise<Blob | null>((done) => sheet.toBlob(done, 'image/png'));
  if (picture) {
    saveFile(fileName(name, 'png'), picture);
  }
}
