/** Bodies for generated requests that are no JSON: pictures that can be decoded, some with faces, some cut short, and forms. */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import type { MadeBody } from './generated-requests.ts';

const photograph = 'node_modules/@vladmandic/face-api/demo/sample1.jpg';
const boundary = 'generated';

type Bytes = Uint8Array<ArrayBuffer>;

function formOf(picture: Bytes, policies: string): Bytes {
  const head =
    `--${boundary}\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n` +
    'Content-Type: image/jpeg\r\n\r\n';
  const tail =
    `\r\n--${boundary}\r\nContent-Disposition: form-data; name="policies"\r\nContent-Type: application/json\r\n\r\n` +
    `${policies}\r\n--${boundary}--\r\n`;
  return new Uint8Array(Buffer.concat([Buffer.from(head), picture, Buffer.from(tail)]));
}

export async function makeFuzzBodies(): Promise<readonly MadeBody[]> {
  const small = (await sharp(readFileSync(photograph)).resize(320).jpeg().toBuffer()) as Uint8Array;
  const face: Bytes = new Uint8Array(small);
  const warp: Bytes = new Uint8Array(await sharp(face).resize(250, 250, { fit: 'fill' }).jpeg().toBuffer());
  const dot = { create: { width: 1, height: 1, channels: 3 as const, background: 'red' } };
  const png: Bytes = new Uint8Array(await sharp(dot).png().toBuffer());
  const form = `multipart/form-data; boundary=${boundary}`;
  return [
    { contentType: 'image/jpeg', bytes: face },
    { contentType: 'image/jpeg', bytes: warp },
    { contentType: 'image/jpeg', bytes: face.slice(0, face.length / 2) },
    { contentType: 'image/png', bytes: png },
    { contentType: form, bytes: formOf(face, '{}') },
    { contentType: form, bytes: formOf(face, '{"detect_policy":{"multiface_policy":2}}') },
    { contentType: form, bytes: formOf(face, '{').slice(0, -20) },
  ];
}
