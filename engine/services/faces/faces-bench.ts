import { packSdkDescriptor } from '#domain/descriptor/descriptor';
import { openRouteBench, type RouteBench } from '../route-bench.ts';
import { createAttributesRoutes } from './attributes.routes.ts';
import { type Attributes, createAttributes } from './attributes.service.ts';
import { createFaceAttributesRoutes } from './face-attributes.routes.ts';
import { createFacesRoutes } from './faces.routes.ts';
import { createFaces } from './faces.service.ts';
import { createListsRoutes } from './lists.routes.ts';
import { createLists } from './lists.service.ts';

/** The routes of the Faces service over real storage, for its tests. */
export function openFacesBench(options: Parameters<typeof openRouteBench>[1] = {}): RouteBench & {
  attributes: Attributes;
} {
  const made: { attributes?: Attributes } = {};
  const bench = openRouteBench((deps) => {
    const externalAddress = () => 'http://box:5000';
    const attributes = createAttributes(deps);
    const faces = createFaces(deps);
    made.attributes = attributes;
    return [
      createFacesRoutes({ faces, clock: deps.clock, externalAddress }),
      createFaceAttributesRoutes({ faces }),
      createAttributesRoutes({ attributes, externalAddress }),
      createListsRoutes({ lists: createLists(deps), externalAddress }),
    ];
  }, options);
  if (!made.attributes) throw new Error('no routes were made');
  return { ...bench, attributes: made.attributes };
}

/** A descriptor of the default version with `value` first and ones behind, as base64 of the SDK container. */
export function sdkDescriptor(value: number, version = 20001, length = 128): string {
  const vector = new Float32Array(length).fill(1);
  vector[0] = value;
  return Buffer.from(packSdkDescriptor(version, vector)).toString('base64');
}
