import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { StartError } from '#kernel/start-error';

/** One entry of `manifest.json`, which the preparation wrote beside the networks. */
export interface NetworkFile {
  /** In the folder of the networks, or absolute. */
  readonly file: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Static shapes by name. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly outputs: Readonly<Record<string, readonly number[]>>;
}

export type NetworkFiles = Readonly<Record<string, NetworkFile>>;

/** Throws with the path when the manifest is missing or is none. */
export function readManifest(networksDir: string): NetworkFiles {
  const path = join(networksDir, 'manifest.json');
  try {
    const { networks } = JSON.parse(readFileSync(path, 'utf8')) as { networks?: NetworkFiles };
    if (!networks) throw new StartError('no networks in it');
    return networks;
  } catch (error) {
    throw new StartError(`${path} cannot be read: ${(error as Error).message}. Prepare the networks again.`);
  }
}

/**
 * Reads every network once and compares its checksum with the manifest: about 60 ms for 30 MB, done at every start, so
 * that a damaged disk is found before it gives wrong answers. Throws an error that names the file.
 */
export async function verifyNetworks(networksDir: string, files: NetworkFiles): Promise<void> {
  await Promise.all(
    Object.values(files).map(async ({ file, sha256 }) => {
      const path = join(networksDir, file);
      const hash = createHash('sha256');
      try {
        await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
      } catch (error) {
        throw new StartError(
          `The network ${path} cannot be read: ${(error as Error).message}. Prepare the networks again.`,
        );
      }
      if (hash.digest('hex') !== sha256) {
        throw new StartError(
          `The network ${path} is damaged (wrong sha256). Remove it and prepare the networks again.`,
        );
      }
    }),
  );
}

/** A network that runs on what was written into `input`. One caller at a time. */
export interface Network {
  /** All values of the only input, in the order of its shape. */
  readonly input: Float32Array;
  run(): Promise<Readonly<Record<string, Float32Array>>>;
  /** Makes the session now instead of at the first run. */
  load(): Promise<void>;
}

export interface Networks {
  get(name: string): Network;
  release(): Promise<void>;
}

export interface SessionSettings {
  /** One provider: onnxruntime refuses a list whose first one cannot be had. */
  readonly executionProvider: string;
  readonly intraOpThreads: number;
}

export function sessionOptions({
  executionProvider,
  intraOpThreads,
}: SessionSettings): InferenceSession.SessionOptions {
  return {
    executionProviders: [executionProvider],
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    intraOpNumThreads: intraOpThreads,
    interOpNumThreads: 1,
    enableMemPattern: true,
    // Errors only: warnings about the graph go to stderr past our log.
    logSeverityLevel: 3,
    // Waiting threads that spin take the processor from the other workers.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
}

/** Sessions of one thread. Each is made when it is first needed: what nobody asks for takes no memory. */
export function createNetworks(networksDir: string, files: NetworkFiles, settings: SessionSettings): Networks {
  const made = new Map<string, Network>();
  const sessions: InferenceSession[] = [];
  const make = (name: string): Network => {
    const file = files[name];
    const [inputName, ...others] = Object.keys(file?.inputs ?? {});
    if (!file || inputName === undefined || others.length) throw new StartError(`no network '${name}' with one input`);
    const shape = file.inputs[inputName] ?? [];
    const input = new Float32Array(shape.reduce((product, side) => product * side, 1));
    const feeds = { [inputName]: new Tensor('float32', input, shape) };
    let session: Promise<InferenceSession> | undefined;
    const open = (): Promise<InferenceSession> => {
      session ??= InferenceSession.create(resolve(networksDir, file.file), sessionOptions(settings)).then((opened) => {
        sessions.push(opened);
        return opened;
      });
      return session;
    };
    return {
      input,
      async run() {
        const results = await (await open()).run(feeds);
        const outputs: Record<string, Float32Array> = {};
        for (const output of Object.keys(file.outputs)) outputs[output] = results[output]?.data as Float32Array;
        return outputs;
      },
      async load() {
        await open();
      },
    };
  };
  return {
    get(name) {
      const network = made.get(name) ?? make(name);
      made.set(name, network);
      return network;
    },
    async release() {
      for (const session of sessions.splice(0)) await session.release();
    },
  };
}
