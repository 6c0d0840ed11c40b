import { descriptorScoreOf } from '#domain/descriptor/descriptor-score';
import {
  type Descriptor,
  defaultScoreThreshold,
  type EstimationRequest,
  type FaceEstimate,
  type PictureEstimate,
  type Point,
  type Rect,
} from '#domain/face/estimation';
import { warpSize } from '#domain/face/face-template';
import { areaOf, intersectionOf, squareToPicture } from '#domain/face/geometry';
import { headPoseOf } from '#domain/face/head-pose';
import { landmarks5Of, landmarks68Points, type Mesh, meshPoints } from '#domain/face/mesh';
import { mouthOf } from '#domain/face/mouth';
import { blurrinessOf, qualityOf } from '#domain/face/quality';
import { lunaError } from '#kernel/errors';
import { decodePicture } from '../decode/decode.ts';
import type { Pixels } from '../decode/pixels.ts';
import { dlibResnet } from '../models/descriptor.dlib.ts';
import { faceApiEmotion } from '../models/emotion.faceapi.ts';
import { mediapipeIris } from '../models/iris.mediapipe.ts';
import { facemesh } from '../models/mesh.facemesh.ts';
import type { DetectedFace, Model } from '../models/model.ts';
import { embeddedModels, type ModelSet } from '../models/model-set.ts';
import type { Networks } from '../networks.ts';
import { cutOut } from '../sampling/bytes.ts';
import { createSampling, type Pyramid } from '../sampling/pyramid.ts';
import { attributeSquare, eyeContoursOf, eyesOf, gazeFrom } from './attributes.ts';
import { chipBytes, chipTransform, faceBoxInWarp, lowestFaceScore, warpJpegOf } from './chip.ts';
import { createDetector } from './detect.ts';
import { createLivenessEstimate } from './liveness.ts';
import { createLook } from './look.ts';
import { createMesher } from './mesh.ts';
import { portraitOf } from './portrait.ts';

export interface EstimatorSettings {
  readonly maxPixels: number;
  readonly timeoutMs: number;
  /** Look for small faces too (`detect.ts`). */
  readonly tiles: boolean;
  /** Path of `sampling.wasm`. */
  readonly kernels: string;
}

/** Bytes of a picture to what the networks can tell about it. One picture at a time. */
export interface Estimator {
  /** Throws `ImageLoading`, `ImageConversion`, `ImageSize`, `FaceWarpSize`, `BadRectangle`, `RequestTimeout`. */
  estimate(picture: Uint8Array, request: EstimationRequest): Promise<PictureEstimate>;
  /** From decoded pixels on; `stagesMs` receives the time of each stage. */
  estimateFaces(pixels: Pixels, request: EstimationRequest, stagesMs: Record<string, number>): Promise<FaceEstimate[]>;
}

/** The networks that nearly every request needs; the others are loaded when they are first asked for. */
export function coreNetworksOf({ detector, descriptor }: ModelSet): string[] {
  return [detector.network, facemesh.network, descriptor.network];
}

interface FoundFace {
  rect: Rect;
  detectionScore: number | null;
  mesh: Mesh;
}

function requireInside(box: Rect, { width, height }: Pixels): Rect {
  const whole = {
    x: Math.floor(box.x),
    y: Math.floor(box.y),
    width: Math.ceil(box.width),
    height: Math.ceil(box.height),
  };
  const part = intersectionOf(whole, { x: 0, y: 0, width, height });
  if (part.width < 2 || part.height < 2) {
    throw lunaError('BadRectangle', { reason: `the bounding box is outside the picture of ${width}x${height}` });
  }
  return part;
}

export function createEstimator(
  networks: Networks,
  settings: EstimatorSettings,
  models: ModelSet = embeddedModels,
): Estimator {
  const sampling = createSampling(settings.kernels);
  const look = createLook(networks);
  const detector = createDetector(look, models.detector);
  const mesher = createMesher(look, facemesh);
  const live = models.liveness && createLivenessEstimate(networks, models.liveness);

  const detectIn = async (
    pixels: Pixels,
    pyramid: Pyramid,
    request: EstimationRequest,
    how: 'detect' | 'detectPadded',
  ): Promise<DetectedFace[]> => {
    const detection = {
      lowestScore: Math.max(models.detector.lowestScore, request.scoreThreshold ?? defaultScoreThreshold),
      tiles: settings.tiles,
    };
    if (!request.boundingBox) return detector[how](pyramid, detection);
    const box = requireInside(request.boundingBox, pixels);
    const move = ([x, y]: Point): Point => [x + box.x, y + box.y];
    const faces = await sampling.withPyramid(cutOut(pixels, box), (part) => detector[how](part, detection));
    return faces.map(({ rect, score, leftEye, rightEye }) => ({
      rect: { ...rect, x: rect.x + box.x, y: rect.y + box.y },
      score,
      leftEye: move(leftEye),
      rightEye: move(rightEye),
    }));
  };

  const describe = async (pyramid: Pyramid, { mesh, detectionScore }: FoundFace, request: EstimationRequest) => {
    const isWarp = request.imageType === 'face_warp';
    const { input } = networks.get(dlibResnet.network);
    let descriptor: Descriptor | null = null;
    if (request.descriptor) {
      const vector = await look(models.descriptor, pyramid, chipTransform(models.descriptor, mesh, isWarp));
      descriptor = { version: models.descriptor.version, vector, score: 0 };
    }
    // The quality is that of the embedded descriptor network's chip, whichever network describes the face.
    if (!request.descriptor || models.descriptor !== dlibResnet) {
      const toPicture = chipTransform(dlibResnet, mesh, isWarp);
      pyramid.sampleInto(toPicture, dlibResnet.side, input, dlibResnet.normalisation);
    }
    const bytes = chipBytes(input);
    const quality = request.quality ? qualityOf(bytes, dlibResnet.side) : null;
    if (descriptor) {
      const blurriness = quality?.blurriness ?? blurrinessOf(bytes, dlibResnet.side);
      descriptor.score = descriptorScoreOf(mesh, detectionScore, blurriness);
    }
    return { descriptor, quality };
  };

  const estimateFace = async (
    pyramid: Pyramid,
    found: FoundFace,
    request: EstimationRequest,
    timed: Timed,
  ): Promise<FaceEstimate> => {
    const { rect, detectionScore, mesh } = found;
    const isWarp = request.imageType === 'face_warp';
    const surroundings = attributeSquare(isWarp ? faceBoxInWarp(mesh) : rect);
    const lookAround = <Decoded>(model: Model<Decoded>) =>
      look(model, pyramid, squareToPicture(surroundings, model.side));
    const { descriptor, quality } =
      request.descriptor || request.quality
        ? await timed('descriptor', () => describe(pyramid, found, request))
        : { descriptor: null, quality: null };
    const contours =
      request.eyes || request.gaze
        ? await timed('eyes', () => eyeContoursOf(look, mediapipeIris, pyramid, mesh))
        : null;
    return {
      rect,
      detectionScore,
      landmarks5: landmarks5Of(mesh),
      landmarks68: request.landmarks68 && !isWarp ? meshPoints(mesh, landmarks68Points) : null,
      headPose: request.headPose && !isWarp ? headPoseOf(mesh) : null,
      emotions: request.emotions ? await timed('emotions', () => lookAround(faceApiEmotion)) : null,
      gaze: request.gaze && contours ? gazeFrom(contours, headPoseOf(mesh)) : null,
      eyes: request.eyes && contours ? eyesOf(contours) : null,
      mouth: request.mouth ? mouthOf(mesh) : null,
      quality,
      portrait: request.portrait
        ? await timed('portrait', async () => portraitOf(pyramid, mesh, contours, isWarp))
        : null,
      basicAttributes: request.basicAttributes
        ? await timed('basicAttributes', () => lookAround(models.ageGender))
        : null,
      // No embedded network tells living faces from attacks; a model pack does.
      liveness: request.liveness && live ? await timed('liveness', () => live(pyramid, found, isWarp)) : null,
      descriptor,
      warpJpeg: request.warp ? await timed('warp', () => warpJpegOf(pyramid, mesh)) : null,
    };
  };

  const findWith = async (
    how: 'detect' | 'detectPadded',
    pixels: Pixels,
    pyramid: Pyramid,
    request: EstimationRequest,
    timed: Timed,
  ): Promise<FoundFace[]> => {
    const detected = await timed('detect', () => detectIn(pixels, pyramid, request, how));
    const found: FoundFace[] = [];
    for (const face of detected.sort((a, b) => areaOf(b.rect) - areaOf(a.rect))) {
      const mesh = await timed('mesh', () => mesher.meshOf(pyramid, face));
      // What the mesh network does not take for a face is none: the detector has seen something else.
      if (mesh.faceScore < lowestFaceScore) continue;
      found.push({ rect: face.rect, detectionScore: face.score, mesh });
      if (request.faces === 'best') break;
    }
    return found;
  };

  const findFaces = async (pixels: Pixels, pyramid: Pyramid, request: EstimationRequest, timed: Timed) => {
    if (request.imageType === 'face_warp') {
      if (pixels.width !== warpSize || pixels.height !== warpSize) {
        throw lunaError('FaceWarpSize', { width: pixels.width, height: pixels.height });
      }
      const rect = { x: 0, y: 0, width: warpSize, height: warpSize };
      return [{ rect, detectionScore: null, mesh: await timed('mesh', () => mesher.meshOfWarp(pyramid)) }];
    }
    const found = await findWith('detect', pixels, pyramid, request, timed);
    return found.length ? found : findWith('detectPadded', pixels, pyramid, request, timed);
  };

  const estimateFaces: Estimator['estimateFaces'] = async (pixels, request, stagesMs) => {
    const timed = createTimed(stagesMs);
    return sampling.withPyramid(pixels, async (pyramid) => {
      const faces: FaceEstimate[] = [];
      for (const found of await findFaces(pixels, pyramid, request, timed)) {
        faces.push(await estimateFace(pyramid, found, request, timed));
      }
      return faces;
    });
  };

  return {
    estimateFaces,
    async estimate(picture, request) {
      const stagesMs: Record<string, number> = {};
      const decoded = await createTimed(stagesMs)('decode', () =>
        decodePicture(picture, {
          useExifInfo: request.useExifInfo,
          exif: request.exif,
          maxPixels: settings.maxPixels,
          timeoutSeconds: Math.max(1, Math.ceil(settings.timeoutMs / 1000)),
        }),
      );
      const { width, height, format, exif } = decoded;
      return { width, height, format, exif, faces: await estimateFaces(decoded, request, stagesMs), stagesMs };
    },
  };
}

type Timed = <T>(stage: string, job: () => Promise<T>) => Promise<T>;

/** Adds the time of each job to its stage, in milliseconds. */
function createTimed(stagesMs: Record<string, number>): Timed {
  return async (stage, job) => {
    const startedAt = performance.now();
    const result = await job();
    stagesMs[stage] = (stagesMs[stage] ?? 0) + performance.now() - startedAt;
    return result;
  };
}
