import { buckets } from '#contract/established/names';
import { policyDefaults } from '#contract/established/policy-defaults';
import { inTurn } from '#contract/pictures/estimated-pictures';
import { basicAttributesView } from '#contract/pictures/estimation-view';
import { type ExtractedAttribute, type ExtractorAnswer, extractorAnswer } from '#contract/pictures/extractor-answer';
import { vectorBytes } from '#domain/descriptor/descriptor';
import { aggregate } from '#domain/face/aggregate';
import { detectionOnly, type FaceEstimate } from '#domain/face/estimation';
import type { Inference } from '#inference/inference';
import { lunaError } from '#kernel/errors';
import type { Attributes } from '../../faces/attributes.service.ts';
import type { ImageStore } from '../../image-store/image-store.service.ts';
import type { ExtractorQuery } from './one-shot.schema.ts';

type Extracted = Pick<FaceEstimate, 'descriptor' | 'basicAttributes' | 'emotions' | 'liveness'>;

/** `/extractor` (LP5 2.6): stored face samples become temporary attributes. */
export function createExtractor(deps: {
  inference: Pick<Inference, 'estimate'>;
  images: Pick<ImageStore, 'read'>;
  attributes: Pick<Attributes, 'create'>;
  externalAddress: () => string;
}) {
  const { inference, images, attributes, externalAddress } = deps;

  const extract = async (sampleId: string, visibleTo: string | null, query: ExtractorQuery): Promise<Extracted> => {
    const { bytes } = await images.read(buckets.faceSamples, sampleId, visibleTo);
    const { faces } = await inference.estimate(bytes, {
      ...detectionOnly,
      imageType: 'face_warp',
      descriptor: query.extract_descriptor || query.fd_score_threshold > 0,
      basicAttributes: query.extract_basic_attributes,
    });
    const [face] = faces;
    if (!face) throw lunaError('DetectionFailed', { reason: `no face in sample ${sampleId}` });
    return face;
  };

  const isGood = ({ descriptor }: Extracted, { fd_score_threshold }: ExtractorQuery): boolean =>
    descriptor === null || descriptor.score >= fd_score_threshold;

  const store = async (
    accountId: string,
    samples: string[],
    extracted: Extracted,
    ttl: number,
  ): Promise<ExtractedAttribute> => {
    const { descriptor, basicAttributes } = extracted;
    const attributeId = await attributes.create(
      accountId,
      {
        age: basicAttributes ? Math.round(basicAttributes.age) : null,
        gender: basicAttributes?.gender ?? null,
        ethnic_group: null,
        basic_attributes_samples: basicAttributes ? samples : [],
        face_descriptor_samples: descriptor ? samples : [],
        descriptors: descriptor
          ? [{ version: descriptor.version, score: descriptor.score, vector: vectorBytes(descriptor.vector) }]
          : [],
      },
      ttl,
    );
    const url = `/6/attributes/${attributeId}`;
    return {
      attribute_id: attributeId,
      url,
      external_url: `${externalAddress()}${url}`,
      score: descriptor?.score ?? null,
      samples,
      basic_attributes: basicAttributesView(basicAttributes),
    };
  };

  return {
    /**
     * One attribute per sample, or one of all: samples whose descriptor scores too low make none. Throws
     * `ImageNotFound` 13003 for a sample that is not there; nothing is stored then.
     */
    async extract(
      caller: { accountId: string; visibleTo: string | null },
      sampleIds: readonly string[],
      query: ExtractorQuery,
    ): Promise<ExtractorAnswer> {
      if (!query.extract_descriptor && !query.extract_basic_attributes) {
        throw lunaError('QueryNoneOf', { names: 'extract_descriptor, extract_basic_attributes' });
      }
      const ids = [...new Set(sampleIds)];
      const all = await inTurn(ids, async (id) => ({ id, extracted: await extract(id, caller.visibleTo, query) }));
      const kept = all
        .filter(({ extracted }) => isGood(extracted, query))
        .map(({ id, extracted }) =>
          // One that only the threshold wanted is not kept.
          query.extract_descriptor ? { id, extracted } : { id, extracted: { ...extracted, descriptor: null } },
        );
      const groups =
        query.aggregate_attributes && kept.length > 0
          ? [
              {
                samples: kept.map(({ id }) => id),
                extracted: aggregate(
                  kept.map(({ extracted }) => extracted),
                  { liveness: policyDefaults.livenessThreshold, quality: policyDefaults.livenessQualityThreshold },
                ),
              },
            ]
          : kept.map(({ id, extracted }) => ({ samples: [id], extracted }));
      const stored = await Promise.all(
        groups.map(({ samples, extracted }) => store(caller.accountId, samples, extracted, query.ttl)),
      );
      return extractorAnswer.of(stored);
    },
  };
}
export type Extractor = ReturnType<typeof createExtractor>;
