/** The pictures that flows send. */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';

type Bytes = Uint8Array<ArrayBuffer>;

export interface FlowPictures {
  /** A photograph with one face. */
  photo: Bytes;
  /** 250x250 and 128x256 pixels. */
  faceWarp: Bytes;
  bodyWarp: Bytes;
}

export async function readFlowPictures(): Promise<FlowPictures> {
  const group = sharp(readFileSync('node_modules/@vladmandic/face-api/demo/sample6.jpg'));
  const photo = group.extract({ left: 1340, top: 190, width: 500, height: 500 });
  const sized = async (width: number, height?: number): Promise<Bytes> =>
    new Uint8Array(await photo.clone().resize(width, height).jpeg().toBuffer());
  return { photo: await sized(320), faceWarp: await sized(250, 250), bodyWarp: await sized(128, 256) };
}
