import sharp from 'sharp';
import type { Rect } from '#domain/face/estimation';
import { chipSize, faceInWarp, warpSize, warpToPicture } from '#domain/face/face-template';
import type { Transform } from '#domain/face/geometry';
import { type Mesh, meshBox } from '#domain/face/mesh';
import type { DescriptorModel } from '../models/model.ts';
import { interleave } from '../sampling/bytes.ts';
import { bytesAsTheyAre } from '../sampling/normalisation.ts';
import type { Pyramid } from '../sampling/pyramid.ts';

const jpegQuality = 95;
/** Below this the mesh of a face sample is not trusted: its eyes are then taken to be where our template has them. */
export const lowestFaceScore = 0.5;

/** Where a descriptor network shall look: aligned by the mesh. */
export function chipTransform(model: DescriptorModel, mesh: Mesh, isWarp: boolean): Transform {
  return isWarp && mesh.faceScore < lowestFaceScore ? model.toWarp : model.toPicture(mesh);
}

/**
 * The face inside a face sample, for networks that look around a detector's box: that is nearly as large as the mesh (0.94
 * of it, median of 130 faces), and lies about where it does.
 */
export function faceBoxInWarp(mesh: Mesh): Rect {
  return mesh.faceScore < lowestFaceScore ? faceInWarp : meshBox(mesh);
}

/** The descriptor network's input as bytes, [150, 150, 3], for the quality of the picture. */
export function chipBytes(planes: Float32Array): Uint8Array {
  return interleave(planes, chipSize);
}

/** The face sample of LP5: 250x250 pixels, aligned, as JPEG without chroma subsampling. */
export async function warpJpegOf(pyramid: Pyramid, mesh: Mesh): Promise<Uint8Array> {
  const planes = new Float32Array(3 * warpSize * warpSize);
  pyramid.sampleInto(warpToPicture(mesh), warpSize, planes, bytesAsTheyAre);
  const raw = { width: warpSize, height: warpSize, channels: 3 } as const;
  const jpeg = await sharp(interleave(planes, warpSize), { raw })
    .jpeg({ quality: jpegQuality, chromaSubsampling: '4:4:4' })
    .toBuffer();
  // A buffer of its own: sharp's may be a view into a larger one, and this one is handed to another thread.
  return new Uint8Array(jpeg);
}
