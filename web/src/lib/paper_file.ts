// A paper that was photographed or picked: told by its own bytes as the server does, pictures made as
// small as reading them allows, and drawn without an address that the page's policy would refuse.

/** As the server takes it. */
const MOST_BYTES = 10 * 1024 * 1024;
/** Of a picture before it is made smaller: no phone has to open more. */
const MOST_PICKED_BYTES = 40 * 1024 * 1024;
/** Small print can be read, and a slow line is done in a minute. */
const LONG_SIDE = 2_000;
const GOOD_ENOUGH_BYTES = 400 * 1024;
const QUALITY = 0.8;

export type PaperProblem = 'empty' | 'type' | 'large';
export interface Paper {
  bytes: Blob;
  /** Nothing for a PDF. */
  picture?: ImageBitmap;
}

function startsWith(head: Uint8Array, wanted: readonly number[]): boolean {
  return wanted.every((byte, at) => head[at] === byte);
}

export function kindOf(head: Uint8Array): 'jpeg' | 'png' | 'pdf' | undefined {
  if (startsWith(head, [0xff, 0xd8, 0xff])) {
    return 'jpeg';
  }
  if (startsWith(head, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) {
    return 'png';
  }
  return startsWith(head, [0x25, 0x50, 0x44, 0x46, 0x2d]) ? 'pdf' : undefined;
}

export async function readPaper(file: Blob): Promise<Paper | PaperProblem> {
  if (file.size === 0) {
    return 'empty';
  }
  const kind = kindOf(new Uint8Array(await file.slice(0, 8).arrayBuffer()));
  if (kind === 'pdf') {
    return file.size > MOST_BYTES ? 'large' : { bytes: file };
  }
  if (file.size > MOST_PICKED_BYTES) {
    return 'large';
  }
  try {
    const picture = await createImageBitmap(file);
    const bytes = kind && file.size <= GOOD_ENOUGH_BYTES ? file : await smaller(picture);
    return bytes.size > MOST_BYTES ? 'large' : { bytes, picture };
  } catch {
    return 'type';
  }
}

/** How large a picture is drawn so that its long side fits. */
export function fitted(width: number, height: number, side: number): [number, number] {
  const scale = Math.min(1, side / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

export function draw(picture: ImageBitmap, canvas: HTMLCanvasElement, side: number): void {
  [canvas.width, canvas.height] = fitted(picture.width, picture.height, side);
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
}

async function smaller(picture: ImageBitmap): Promise<Blob> {
  const canvas = document.createElement('canvas');
  draw(picture, canvas, LONG_SIDE);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/jpeg', QUALITY);
  });
}
