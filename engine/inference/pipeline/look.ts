import type { Transform } from '#domain/face/geometry';
import type { Model } from '../models/model.ts';
import type { Networks } from '../networks.ts';
import type { Pyramid } from '../sampling/pyramid.ts';

/** Shows a model the part of a picture to which `toPicture` leads from the model's input, and gives what it sees. */
export type Look = <Decoded>(model: Model<Decoded>, pyramid: Pyramid, toPicture: Transform) => Promise<Decoded>;

export function createLook(networks: Networks): Look {
  return async (model, pyramid, toPicture) => {
    const network = networks.get(model.network);
    pyramid.sampleInto(toPicture, model.side, network.input, model.normalisation);
    model.prepare?.(network.input);
    return model.decode(await network.run());
  };
}
