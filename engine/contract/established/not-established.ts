/**
 * The twenty subjects that LP5's public documentation leaves open, by the numbers of LP5 15, and what holds here instead.
 * This is the map: each value stands once, in the module that it is imported from, and is used from there, so that a
 * correction is one line. Where `GET /docs/spec` of a real LP5 can be read, it decides all of them.
 */
import { rightResources, rightsOf } from '#domain/access';
import { containerMagic, defaultDescriptorVersion, headerBytes } from '#domain/descriptor/descriptor';
import { descriptorVersions } from '#domain/descriptor/similarity';
import { refusedChecks } from '#domain/face/checks/refused-checks';
import { filterNames } from '#domain/face/detection-rules';
import { faceChecks } from '#domain/face/face-checks';
import { chipPadding, meanFace, warpChipSize, warpChipTop, warpSize } from '#domain/face/face-template';
import * as liveness from '#domain/face/liveness';
import { errorCatalogue } from '#kernel/errors';
import { extractorAnswer } from '../pictures/extractor-answer.ts';
import { apiVersion, base64ImageContentTypes, defaults, enumNumbers, imageContentTypes, limits } from './names.ts';
import { policyDefaults } from './policy-defaults.ts';
import * as words from './wire-names.ts';

interface Subject {
  readonly subject: string;
  readonly values: Readonly<Record<string, unknown>>;
}

export const notEstablished = {
  1: {
    subject: 'bodies beyond what the reference shows: every word that stands in this map, and these',
    values: { apiVersion, imageContentTypes, base64ImageContentTypes, rawImageName: defaults.rawImageName },
  },
  2: { subject: 'numeric limits', values: limits },
  3: { subject: 'defaults of policies', values: policyDefaults },
  4: {
    subject: 'kinds of handlers, the validator, policies sent to a static handler',
    values: {
      handlerTypes: words.handlerTypes,
      validatorAnswer: words.validatorAnswer,
      staticHandlerWithPolicies: errorCatalogue.BadJson.code,
    },
  },
  5: {
    subject: 'raw events and how they carry descriptors',
    values: {
      descriptorTypes: words.descriptorTypes,
      events: limits.rawEvents,
      detections: limits.rawEventDetections,
    },
  },
  6: { subject: 'answer of /extractor', values: { extractorAnswer } },
  7: { subject: 'filter_name of what was left out', values: filterNames },
  8: { subject: 'words of /events/stats', values: words.statisticWords },
  9: {
    subject: 'numbers of stored enums, default order of events',
    values: { enumNumbers, defaultOrder: words.defaultOrder },
  },
  10: { subject: 'place of an event in the query', values: words.placeQuery },
  11: {
    subject: 'members about attributes',
    values: { ...words.attributeNames, count: words.attributeCountMember },
  },
  12: {
    subject: 'descriptor container',
    values: {
      containerMagic,
      headerBytes,
      version: defaultDescriptorVersion,
      contentTypes: words.descriptorContentTypes,
    },
  },
  13: {
    subject: 'calibration of similarity, threshold of verification',
    values: {
      similarity: descriptorVersions.get(defaultDescriptorVersion)?.similarity,
      verificationThreshold: policyDefaults.verificationThreshold,
    },
  },
  14: {
    subject: 'error numbers',
    values: {
      noCredentials: errorCatalogue.AuthorizationMissing.code,
      bodyTooLarge: errorCatalogue.BodyTooLarge.code,
      tooManyPictures: errorCatalogue.TooManyPictures.code,
      bodyWarpSize: errorCatalogue.BodyWarpSize.code,
      noFaceForLiveness: errorCatalogue.LivenessNoFace.code,
    },
  },
  15: {
    subject: 'thresholds of face checks, and the checks themselves',
    values: { faceChecks, refusedChecks },
  },
  16: {
    subject: 'resources of accounts and tokens, permissions',
    values: {
      ...words.accountPaths,
      rightsOf,
      rightResources,
    },
  },
  17: {
    subject: 'what liveness wants of a picture, in numbers',
    values: {
      wantedContext: liveness.wantedContext,
      leastContext: liveness.leastContext,
      leastFaceWidth: liveness.leastFaceWidth,
      goodFaceWidth: liveness.goodFaceWidth,
      viewSide: liveness.viewSide,
      mostTurned: liveness.mostTurned,
      attackBelow: liveness.attackBelow,
      liveAbove: liveness.liveAbove,
    },
  },
  18: {
    subject: '/luna_sys_info, failure of /healthcheck (/plugins is not served)',
    values: { ...words.systemInfoMembers, unhealthy: errorCatalogue.Unhealthy },
  },
  19: { subject: 'image_type; thumbnails are not served', values: words.imageTypes },
  20: { subject: 'geometry of warps', values: { warpSize, warpChipSize, warpChipTop, chipPadding, meanFace } },
} as const satisfies Readonly<Record<number, Subject>>;
