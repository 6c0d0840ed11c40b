import { buckets } from '#contract/established/names';
import { contentTypeOfFormat } from '#contract/http/content-types';
import type { Matching } from '#contract/matching/matches';
import { type RawDescriptor, readRawDescriptor } from '#contract/matching/raw-descriptors';
import {
  type EstimatedPicture,
  estimatePictures,
  filteredDetections,
  type IncomingPicture,
  pictureStatus,
} from '#contract/pictures/estimated-pictures';
import { basicAttributesView, detectionView } from '#contract/pictures/estimation-view';
import { vectorBytes } from '#domain/descriptor/descriptor';
import type { JudgedFace } from '#domain/face/detection-rules';
import type { FaceEstimate } from '#domain/face/estimation';
import type { Inference } from '#inference/inference';
import type { Clock } from '#kernel/clock';
import { lunaError } from '#kernel/errors';
import type { Ids } from '#kernel/ids';
import type { AttributeRow } from '#storage/rows';
import type { Storage } from '#storage/storage';
import type { ImageStore, StagedImage } from '../../image-store/image-store.service.ts';
import { discardFiles } from '../events/save-events.ts';
import type { ResolvedVerifier } from '../resolve-policies.ts';
import {
  describeCandidates,
  resolveCandidates,
  type VerificationCandidate,
  type VerificationIds,
} from './candidates.ts';
import type { VerifierBook } from './verifier-book.ts';

export interface VerifyRequest {
  accountId: string;
  verifierId: string;
  pictures: readonly IncomingPicture[];
  useExifInfo: boolean;
  ids: VerificationIds;
}

export type Verifiers = ReturnType<typeof createVerifiers>;

/** Ids of what a detection leaves behind; null for what is not stored. */
interface Kept {
  sampleId: string | null;
  origin: string | null;
  attributeId: string | null;
}

/** Verifiers (LP5 4): is the person in the picture the one that is claimed? */
export function createVerifiers(deps: {
  book: VerifierBook;
  inference: Pick<Inference, 'estimate'>;
  matching: Pick<Matching, 'membersOf' | 'vectorOf' | 'compare'>;
  images: Pick<ImageStore, 'stage' | 'commit' | 'discard'>;
  storage: Storage;
  clock: Clock;
  ids: Ids;
}) {
  const { book, inference, matching, images, storage, clock, ids } = deps;

  const attributeOf = (
    face: FaceEstimate,
    sampleId: string | null,
    policies: ResolvedVerifier,
  ): Omit<AttributeRow, 'attribute_id' | 'account_id'> => {
    const { descriptor, basicAttributes } = face;
    const samples = sampleId === null ? [] : [sampleId];
    const now = clock.now();
    return {
      create_time: now,
      expire_time: now + policies.attribute.ttl * 1000,
      age: basicAttributesView(basicAttributes)?.age ?? null,
      gender: basicAttributes?.gender ?? null,
      ethnic_group: null,
      basic_attributes_samples: basicAttributes ? samples : [],
      face_descriptor_samples: descriptor ? samples : [],
      descriptors: descriptor ? [{ ...descriptor, vector: vectorBytes(descriptor.vector) }] : [],
    };
  };

  /** Files first, then one transaction; when either fails nothing is left. */
  const keep = async (
    accountId: string,
    estimated: readonly EstimatedPicture[],
    policies: ResolvedVerifier,
  ): Promise<Map<JudgedFace, Kept>> => {
    const staged: StagedImage[] = [];
    const kept = new Map<JudgedFace, Kept>();
    const attributes: AttributeRow[] = [];
    const stage = async (...args: Parameters<ImageStore['stage']>): Promise<string> => {
      const file = await images.stage(...args);
      staged.push(file);
      return file.row.image_id;
    };
    try {
      for (const { picture, estimate, kept: faces } of estimated) {
        if (!estimate || faces.length === 0 || !(picture.content instanceof Uint8Array)) continue;
        let origin: string | null = null;
        if (policies.storeImage) {
          const given = policies.useExternalReferences ? picture.origin : null;
          const type = contentTypeOfFormat[estimate.format];
          origin = given ?? `/6/images/${await stage(buckets.images, accountId, type, picture.content)}`;
        }
        for (const judged of faces) {
          const { warpJpeg } = judged.face;
          const made = policies.storeSample && warpJpeg && picture.sampleId === null;
          const sampleId = made
            ? await stage(buckets.faceSamples, accountId, 'image/jpeg', warpJpeg)
            : picture.sampleId;
          const attributeId = policies.attribute.store ? ids.next() : null;
          if (attributeId) {
            const owner = { attribute_id: attributeId, account_id: accountId };
            attributes.push({ ...owner, ...attributeOf(judged.face, sampleId, policies) });
          }
          kept.set(judged, { sampleId, origin, attributeId });
        }
      }
      if (staged.length > 0 || attributes.length > 0) {
        await storage.durably(() => {
          for (const file of staged) images.commit(file);
          for (const attribute of attributes) storage.attributes.insert(attribute);
        });
      }
      return kept;
    } catch (error) {
      await discardFiles(deps, staged);
      throw error;
    }
  };

  const compareAll = (
    face: FaceEstimate,
    candidates: readonly VerificationCandidate[],
    described: ReadonlyMap<string, Record<string, unknown>>,
    threshold: number,
  ) => {
    const { descriptor } = face;
    if (descriptor === null) throw lunaError('DetectionFailed', { reason: 'no descriptor was made' });
    return candidates.map((candidate) => {
      const { kind, id } = candidate;
      const similarity = matching.compare(descriptor, candidate);
      const members = described.get(`${kind} ${id}`) ?? { [`${kind}_id`]: id };
      return { status: similarity > threshold, similarity, [kind]: members };
    });
  };

  return {
    /** Throws for candidates that are not there before any picture is looked at, and stores nothing when it throws. */
    async verify(request: VerifyRequest) {
      const { accountId, verifierId, pictures } = request;
      const policies = book.policiesOf(book.get(verifierId, accountId));
      const candidates = resolveCandidates(deps, request.ids, accountId);

      const wanted = { ...policies.estimation, useExifInfo: request.useExifInfo };
      const estimated = await estimatePictures(inference.estimate, pictures, wanted, policies.rules);
      const described = describeCandidates(matching, candidates, accountId);
      // Compared before anything is stored: a candidate that cannot be compared is an error.
      const faces = estimated.flatMap(({ kept }) => kept);
      const verified = new Map(
        faces.map((judged) => [judged, compareAll(judged.face, candidates, described, policies.threshold)]),
      );
      const kept = await keep(accountId, estimated, policies);

      const view = (judged: JudgedFace) => {
        const { face, faceQuality } = judged;
        const { sampleId, origin, attributeId } = kept.get(judged) ?? {
          sampleId: null,
          origin: null,
          attributeId: null,
        };
        return {
          sample: {
            sample_id: sampleId,
            url: sampleId && `/6/samples/faces/${sampleId}`,
            detection: detectionView(face, faceQuality),
          },
          image_origin: origin,
          face_attributes: {
            attribute_id: attributeId,
            url: attributeId && `/6/attributes/${attributeId}`,
            score: face.descriptor?.score ?? null,
            basic_attributes: basicAttributesView(face.basicAttributes),
            samples: sampleId === null ? [] : [sampleId],
          },
          verifications: verified.get(judged) ?? [],
        };
      };
      return {
        images: estimated.map((one) => ({
          ...pictureStatus(one),
          exif: one.estimate?.exif ?? null,
          detections: { face_detections: one.kept.map(view) },
        })),
        filtered_detections: filteredDetections(estimated),
      };
    },

    /** Descriptors against descriptors; nothing is looked up. Throws what `readRawDescriptor` throws. */
    verifyRaw(
      accountId: string,
      verifierId: string,
      references: readonly RawDescriptor[],
      candidates: readonly RawDescriptor[],
    ) {
      const { threshold } = book.policiesOf(book.get(verifierId, accountId));
      const read = (raw: RawDescriptor) => ({ name: { id: raw.id, type: raw.type }, vector: readRawDescriptor(raw) });
      const right = candidates.map(read);
      return {
        matches: references.map(read).map((reference) => ({
          reference: reference.name,
          matches: right.map((candidate) => {
            const similarity = matching.compare(reference.vector, candidate.vector);
            return { candidate: candidate.name, similarity, status: similarity > threshold };
          }),
        })),
      };
    },
  };
}
