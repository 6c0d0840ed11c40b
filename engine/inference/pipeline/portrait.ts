import type { Portrait } from '#domain/face/estimation';
import type { EyeContour } from '#domain/face/eyes';
import { invertTransform, scaleOf } from '#domain/face/geometry';
import { lumaOf, luminanceOf } from '#domain/face/luma';
import { landmarks5Of, type Mesh } from '#domain/face/mesh';
import { backgroundLightnessOf, backgroundUniformityOf } from '#domain/face/portrait/background';
import { colorTypeOf, naturalLightOf } from '#domain/face/portrait/colour';
import { dynamicRangeOf } from '#domain/face/portrait/dynamic-range';
import { isRedPupil, pupilSide, pupilToPicture, redEyesOf } from '#domain/face/portrait/red-eyes';
import {
  backgroundMask,
  backgroundRoom,
  bothOf,
  cheekMask,
  cheekRoom,
  countOf,
  faceMask,
  pictureMask,
  windowSide,
  windowToPicture,
} from '#domain/face/portrait/window';
import { interleave } from '../sampling/bytes.ts';
import { bytesAsTheyAre } from '../sampling/normalisation.ts';
import type { Pyramid } from '../sampling/pyramid.ts';
import { lowestFaceScore } from './chip.ts';

/** Shares below which too little is left to judge: of the face, of the cheeks, of where the background can be. */
const leastFace = 0.5;
const leastCheeks = 0.5;
const leastBackground = 0.05;
/** Pixels of the picture per pixel of the window below which enlarging would smooth the background: half of it. */
const leastScale = 0.5;

function redEyesIn(pyramid: Pyramid, contours: readonly EyeContour[]): 0 | 1 | null {
  const planes = new Float32Array(3 * pupilSide * pupilSide);
  return redEyesOf(
    contours.map((contour) => {
      const toPicture = pupilToPicture(contour);
      if (!toPicture) return null;
      pyramid.sampleInto(toPicture, pupilSide, planes, bytesAsTheyAre);
      return isRedPupil(interleave(planes, pupilSide));
    }),
  );
}

/**
 * A face and its surroundings as a portrait. `contours`: both eyes, null when they were not asked for. A face sample has
 * no background: it is cut too close; one without a face has no portrait at all.
 */
export function portraitOf(
  pyramid: Pyramid,
  mesh: Mesh,
  contours: { left: EyeContour; right: EyeContour } | null,
  isWarp: boolean,
): Portrait | null {
  if (mesh.faceScore < lowestFaceScore) return null;
  const landmarks5 = landmarks5Of(mesh);
  const toPicture = windowToPicture(landmarks5);
  const toWindow = invertTransform(toPicture);
  const planes = new Float32Array(3 * windowSide * windowSide);
  pyramid.sampleInto(toPicture, windowSide, planes, bytesAsTheyAre);
  const rgb = interleave(planes, windowSide);
  const luminance = luminanceOf(rgb, windowSide * windowSide);

  const picture = pictureMask(toPicture, pyramid.width, pyramid.height);
  const whole = faceMask(mesh, toWindow);
  const face = bothOf(whole, picture);
  const cheeks = cheekMask(landmarks5, toWindow, face);
  const background = backgroundMask(picture);

  const seesFace = countOf(face) > leastFace * countOf(whole);
  const colorType = seesFace ? colorTypeOf(rgb, face, picture) : null;
  const hasColor = colorType === 'color';
  const seesBackground = !isWarp && countOf(background) >= leastBackground * backgroundRoom;
  return {
    dynamicRange: seesFace ? dynamicRangeOf(luminance, face) : null,
    colorType,
    naturalLight: hasColor && countOf(cheeks) >= leastCheeks * cheekRoom ? naturalLightOf(rgb, cheeks) : null,
    backgroundUniformity:
      seesBackground && scaleOf(toPicture) >= leastScale ? backgroundUniformityOf(luminance, background) : null,
    backgroundLightness: seesBackground
      ? backgroundLightnessOf(lumaOf(rgb, windowSide * windowSide), background)
      : null,
    redEyes: hasColor && contours ? redEyesIn(pyramid, [contours.left, contours.right]) : null,
  };
}
