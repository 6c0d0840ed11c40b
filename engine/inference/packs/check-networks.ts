import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { goldenPicture } from '../golden-picture.ts';
import { prepareOf } from '../models/feeding.ts';
import { sessionOptions } from '../networks.ts';
import { type PackManifest, parseManifest } from './manifest.ts';
import { recipes } from './recipes.ts';

/** What the child process answers: null when every network does what the manifest says. */
export interface NetworkCheck {
  problem: string | null;
}

type Network = PackManifest['networks'][number];

/** The input for a seed: the made-up picture as planes, then as the pack wants its pixels. [3, side, side] */
export function goldenInput(seed: number, feeding: PackManifest['feeding']): Float32Array {
  const { side } = feeding;
  const picture = goldenPicture(seed, side);
  const area = side * side;
  const planes = new Float32Array(3 * area);
  for (let i = 0; i < planes.length; i++) planes[(i % 3) * area + Math.floor(i / 3)] = picture[i] as number;
  prepareOf(feeding)(planes);
  return planes;
}

type Shapes = readonly InferenceSession.ValueMetadata[];

/** Unknown sides ('batch', -1) fit any number: the run shows what they really are. */
function fits(actual: Shapes, name: string, shape: readonly number[]): boolean {
  const found = actual.find((one) => one.name === name);
  if (!found?.isTensor || found.type !== 'float32') return false;
  const sides = found.shape;
  return (
    sides.length === 0 ||
    (sides.length === shape.length &&
      sides.every((side, i) => typeof side === 'string' || side < 0 || side === shape[i]))
  );
}

function shapesProblem(session: InferenceSession, { id, input, outputs }: Network): string | null {
  const { inputMetadata, outputMetadata } = session;
  if (inputMetadata.length !== 1) return `network '${id}' has ${inputMetadata.length} inputs instead of one`;
  if (!fits(inputMetadata, input.name, input.shape)) {
    return `network '${id}' has no float input '${input.name}' of [${input.shape}]`;
  }
  const wrong = Object.entries(outputs).find(([name, shape]) => !fits(outputMetadata, name, shape));
  return wrong ? `network '${id}' has no float output '${wrong[0]}' of [${wrong[1]}]` : null;
}

async function goldenProblem(
  session: InferenceSession,
  network: Network,
  manifest: PackManifest,
): Promise<string | null> {
  const { id, input } = network;
  for (const golden of manifest.golden.filter((one) => one.network === id)) {
    const data = goldenInput(golden.seed, manifest.feeding);
    const results = await session.run({ [input.name]: new Tensor('float32', data, input.shape) });
    for (const [name, { indices, values }] of Object.entries(golden.outputs)) {
      const { data: actual, dims } = results[name] as Tensor;
      const shape = network.outputs[name] ?? [];
      if (dims.join() !== shape.join()) return `network '${id}': output '${name}' is [${dims}], not [${shape}]`;
      const unlike = recipes[manifest.recipe].valuesProblemOf(name, actual as Float32Array, true);
      if (unlike) return `network '${id}': ${unlike} (golden picture of seed ${golden.seed})`;
      for (const [i, value] of values.entries()) {
        const got = (actual as Float32Array)[indices?.[i] ?? i] as number;
        // NaN is wrong too.
        if (!(Math.abs(got - value) <= golden.tolerance)) {
          return `network '${id}' gives ${got} instead of ${value} (golden vector of seed ${golden.seed}, '${name}')`;
        }
      }
    }
  }
  return null;
}

/**
 * Runs every network of a pack on its golden vectors. In a process of its own (`run-check.ts`), with the processor:
 * a file that breaks onnxruntime, or eats all memory, takes nothing else with it.
 */
export async function checkPackNetworks(packDir: string): Promise<NetworkCheck> {
  const manifest = parseManifest(readFileSync(join(packDir, 'manifest.json')));
  for (const network of manifest.networks) {
    let session: InferenceSession;
    try {
      const options = sessionOptions({ executionProvider: 'cpu', intraOpThreads: 1 });
      session = await InferenceSession.create(join(packDir, network.file), options);
    } catch (error) {
      const reason = (error as Error).message.split('\n')[0]?.slice(0, 200);
      return { problem: `network '${network.id}' cannot be loaded: ${reason}` };
    }
    const problem = shapesProblem(session, network) ?? (await goldenProblem(session, network, manifest));
    await session.release();
    if (problem) return { problem };
  }
  return { problem: null };
}
