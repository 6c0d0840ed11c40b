/**
 * What a policy, or the query that stands for it, means where it is not given (LP5 15.3: few of them are documented:
 * multiface_policy, the estimate switches, store_image, send_notification and the liveness thresholds are).
 */
const on = 1 as 0 | 1;
const off = 0 as 0 | 1;

export const policyDefaults = {
  multifacePolicy: 1,
  detectFace: on,
  estimate: off,
  useExifInfo: on,
  /** Degrees: nothing is left out. */
  angleThreshold: 180,
  livenessThreshold: 0.5,
  livenessQualityThreshold: 0.5,
  extractFaceDescriptor: on,
  extractBasicAttributes: off,
  fdScoreThreshold: 0,
  matchThreshold: 0,
  storeSample: on,
  storeImage: off,
  useExternalReferences: on,
  storeAttribute: off,
  storeFace: off,
  setSampleAsAvatar: on,
  storeEvent: on,
  sendNotification: on,
  /** Of a check in `face_quality.checks` that is named without it. */
  estimateNamedCheck: on,
  verificationThreshold: 0.9,
} as const;
