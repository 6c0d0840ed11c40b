import type { Liveness, Rect } from '#domain/face/estimation';
import { headPoseOf } from '#domain/face/head-pose';
import { contextPatch, livenessFrom, livenessQuality, undeterminedLiveness } from '#domain/face/liveness';
import type { Mesh } from '#domain/face/mesh';
import type { LivenessModel } from '../models/model.ts';
import type { Networks } from '../networks.ts';
import type { Pyramid } from '../sampling/pyramid.ts';
import { stretchInto } from '../sampling/stretch.ts';

/**
 * Longest side, in pixels, of the picture from which the patches are taken. The networks want patches that were not
 * smoothed while shrinking, and lose accuracy on large pictures for it: shrunk to 640, 91 % of the portraits of living
 * people are passed; 90 % from 1024, 89 % from 1600.
 */
const longestSide = 1024;

export type LivenessEstimate = (
  pyramid: Pyramid,
  face: { readonly rect: Rect; readonly mesh: Mesh },
  isWarp: boolean,
) => Promise<Liveness>;

/** Whether a face lives: the mean of the networks, or `unknown` where the picture does not allow an estimate. */
export function createLivenessEstimate(networks: Networks, model: LivenessModel): LivenessEstimate {
  return async (pyramid, { rect, mesh }, isWarp) => {
    // A face sample shows nothing around the face.
    const quality = isWarp ? null : livenessQuality({ rect, pose: headPoseOf(mesh), picture: pyramid });
    if (quality === null) return undeterminedLiveness;
    const halvings = Math.max(0, Math.ceil(Math.log2(Math.max(pyramid.width, pyramid.height) / longestSide)));
    const { pixels, level } = pyramid.levelFor(2 ** halvings);
    const shrink = 2 ** -level;
    const box = {
      x: rect.x * shrink,
      y: rect.y * shrink,
      width: rect.width * shrink,
      height: rect.height * shrink,
    };
    let sum = 0;
    for (const part of model) {
      const network = networks.get(part.network);
      stretchInto(pixels, contextPatch(box, pixels, part.scale), part.side, network.input);
      part.prepare?.(network.input);
      sum += part.decode(await network.run());
    }
    return livenessFrom(sum / model.length, quality);
  };
}
