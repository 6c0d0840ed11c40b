import { globSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type * as z from 'zod';
import { packSdkDescriptor } from '#domain/descriptor/descriptor';
import { judgeFaces, keepEverything } from '#domain/face/detection-rules';
import { checkFace } from '#domain/face/face-checks';
import { lunaError } from '#kernel/errors';
import { TokenPermissions } from '../../services/accounts/token.schema.ts';
import { EstimationQuery } from '../../services/api/one-shots/estimation-query.ts';
import { ExtractorQuery } from '../../services/api/one-shots/one-shot.schema.ts';
import { EventStatistics, EventStatisticsQuery } from '../../services/events/statistics.schema.ts';
import { attributeTargets } from '../../services/faces/attribute.schema.ts';
import { GenerateQuery } from '../../services/handlers/events/events.schema.ts';
import { faceOf } from '../../services/handlers/handlers-bench.ts';
import { resolvePolicies, resolveVerifier } from '../../services/handlers/resolve-policies.ts';
import { LivenessQuery } from '../../services/liveness/liveness.schema.ts';
import { rowOrder } from '../http/paging.ts';
import { RawDescriptor } from '../matching/raw-descriptors.ts';
import { Page } from '../schemas.ts';
import { notEstablished } from './not-established.ts';

const inputOf = (schema: z.ZodObject): string[] => Object.keys(schema.shape);

const map = suite('what LP5 does not establish');

map('has an entry for each of the twenty subjects, none of them empty', () => {
  assert.equal(
    Object.keys(notEstablished).map(Number),
    Array.from({ length: 20 }, (_, i) => i + 1),
  );
  for (const [number, { subject, values }] of Object.entries(notEstablished)) {
    assert.ok(subject && Object.keys(values).length > 0, number);
    for (const [name, value] of Object.entries(values)) assert.is.not(value, undefined, `${number} ${name}`);
  }
});

map('limits and defaults of it are those that requests meet', () => {
  const { defaultPageSize, pageSize, defaultAttributeTtl } = notEstablished[2].values;
  assert.is(Page.parse({}).page_size, defaultPageSize);
  assert.not(Page.safeParse({ page_size: pageSize + 1 }).success);
  const defaults = notEstablished[3].values;
  const { rules, storage, extract } = resolvePolicies({ detect_policy: { estimate_liveness: { estimate: 1 } } });
  const thresholds = { liveness: defaults.livenessThreshold, quality: defaults.livenessQualityThreshold };
  assert.equal(rules.liveness, thresholds);
  assert.is(rules.angles.yaw, defaults.angleThreshold);
  assert.is(Number(storage.faceSample.store), defaults.storeSample);
  assert.is(Number(storage.event.store), defaults.storeEvent);
  assert.is(Number(extract.descriptor), defaults.extractFaceDescriptor);
  for (const query of [EstimationQuery.parse({}), LivenessQuery.parse({})]) {
    assert.equal({ liveness: query.liveness_threshold, quality: query.quality_threshold }, thresholds);
    assert.is(query.yaw_threshold, defaults.angleThreshold);
  }
  assert.is(ExtractorQuery.parse({}).ttl, defaultAttributeTtl);
  assert.is(resolveVerifier({}).threshold, notEstablished[13].values.verificationThreshold);
});

map('words of it are those that requests and answers have', () => {
  const angles = { yaw: 0, pitch: 0, roll: 0 };
  const face = faceOf(1, { headPose: { yaw: 9, pitch: 9, roll: 9 } });
  const picture = { width: 100, height: 100, format: 'jpeg', exif: null, faces: [face] } as never;
  const [judged] = judgeFaces(picture, { ...keepEverything, angles }, { filename: 'a', sizeBytes: 1 });
  const { yaw, pitch, roll } = notEstablished[7].values;
  assert.equal(
    judged?.reasons.map(({ filter_name }) => filter_name),
    [yaw, pitch, roll],
  );
  const { operators, answer } = notEstablished[8].values;
  for (const operator of operators) {
    const filters = [{ column: 'age', operator, value: operator.endsWith('in') ? [1] : 1 }];
    EventStatisticsQuery.parse({ filters, targets: [{ column: 'age', aggregator: 'count' }] });
  }
  assert.equal(inputOf(EventStatistics), [answer]);
  for (const name of Object.values(notEstablished[10].values)) assert.ok(inputOf(GenerateQuery).includes(name), name);
  const { count, ...members } = notEstablished[11].values;
  assert.equal([...attributeTargets].sort(), Object.values(members).sort());
  assert.type(count, 'string');
  for (const type of notEstablished[5].values.descriptorTypes) RawDescriptor.parse({ type, data: 'ZHAAAA==' });
  assert.is(rowOrder(undefined, undefined, undefined).descending, notEstablished[9].values.defaultOrder === 'desc');
  const objects = Object.keys(notEstablished[16].values.rightsOf);
  assert.equal(inputOf(TokenPermissions), [...objects, 'resources', 'emit_events']);
});

map('numbers of it are those that descriptors, checks and errors have', () => {
  const { containerMagic, version, headerBytes } = notEstablished[12].values;
  const packed = packSdkDescriptor(version, new Float32Array(2));
  assert.equal(packed.subarray(0, 4), containerMagic);
  assert.is(packed.length, headerBytes + 8);
  const picture = { width: 100, height: 100, format: 'jpeg', sizeBytes: 1 };
  const { threshold } = notEstablished[15].values.faceChecks.image_width;
  const [result] = checkFace({ face: faceOf(1), picture }, new Map([['image_width', threshold]])).checks;
  assert.equal(result?.threshold_value, threshold);
  assert.is(lunaError('AuthorizationMissing').code, notEstablished[14].values.noCredentials);
});

/** A second copy of what the map names, outside the module that owns it. */
const copies: readonly [RegExp, owner: string][] = [
  [/filter_name: '/, ''],
  [
    /(livenessThreshold|quality_threshold|liveness_threshold|quality|liveness): (unit\.default\()?0\.5\b/,
    'policy-defaults.ts',
  ],
  [/\?\? 180|\.default\(180\)/, 'policy-defaults.ts'],
  [/spoof: 0, real: 1/, 'domain/face/detection-rules.ts'],
  [/'(yaw|fd_score)_threshold'/, 'domain/face/detection-rules.ts'],
  [/faces_attributes_count|license_info:/, 'wire-names.ts'],
  [/path: '\/(login|account|accounts|tokens)'/, ''],
];

map('each value stands once', () => {
  const found = globSync('engine/**/*.ts')
    .filter((file) => !/\.(test|fixture)\.ts$|-bench\.ts$/.test(file))
    .flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      return copies.flatMap(([copy, owner]) =>
        copy.test(text) && !(owner && file.endsWith(owner)) ? [`${file}: ${copy}`] : [],
      );
    });
  assert.equal(found, []);
});

map.run();
