import sharp from 'sharp';
import type { Box } from './rest.ts';

/** Cuts a face out of a picture with as much around it again on each side, as a photograph for a pass has it. */
export async function cutFace(file: string, face: Box): Promise<Uint8Array<ArrayBuffer>> {
  const picture = sharp(file);
  const { width, height } = await picture.metadata();
  const left = Math.max(0, Math.round(face.x - face.width * 0.6));
  const top = Math.max(0, Math.round(face.y - face.height * 0.6));
  const right = Math.min(width, Math.round(face.x + face.width * 1.6));
  const bottom = Math.min(height, Math.round(face.y + face.height * 1.6));
  const cut = picture.extract({ left, top, width: right - left, height: bottom - top });
  return new Uint8Array(await cut.jpeg({ quality: 92 }).toBuffer());
}

/** The same people as another camera could see them: mirrored, smaller, darker, hard compressed. */
export async function asOtherCamera(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const picture = sharp(file).flop().resize({ width: 1280 }).modulate({ brightness: 0.8 });
  return new Uint8Array(await picture.jpeg({ quality: 60 }).toBuffer());
}

export interface Label {
  box: Box;
  /** Null: nobody known. */
  name: string | null;
  similarity: number | null;
}

/** Draws boxes, names and similarities over the picture. */
export async function annotate(picture: Uint8Array, labels: readonly Label[], file: string): Promise<void> {
  const { width, height } = await sharp(picture).metadata();
  const fontSize = Math.round(width / 58);
  const drawn = labels.map(({ box, name, similarity }) => {
    const colour = name === null ? '#f5b301' : '#2ecc71';
    const text = name === null ? 'unknown' : `${name}  ${((similarity ?? 0) * 100).toFixed(1)} %`;
    const plate = { width: Math.round(text.length * fontSize * 0.54 + fontSize), height: Math.round(fontSize * 1.6) };
    const x = Math.max(0, Math.min(box.x, width - plate.width));
    const y = box.y > plate.height ? box.y - plate.height : box.y + box.height;
    return `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" fill="none" stroke="${colour}" stroke-width="${Math.max(2, Math.round(width / 400))}"/>
      <rect x="${x}" y="${y}" width="${plate.width}" height="${plate.height}" fill="${colour}"/>
      <text x="${x + fontSize / 2}" y="${y + fontSize * 1.15}" font-family="sans-serif" font-size="${fontSize}" fill="#10202a">${escapeXml(text)}</text>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${drawn.join('')}</svg>`;
  const layered = sharp(picture).composite([{ input: Buffer.from(svg), left: 0, top: 0 }]);
  await layered.jpeg({ quality: 90 }).toFile(file);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
