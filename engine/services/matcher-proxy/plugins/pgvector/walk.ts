/** Going once around all faces, so that none is in PostgreSQL otherwise than in the database of the appliance. */
import type { PluginContext } from '../../plugin.ts';
import type { Writer } from './writer.ts';

export interface Walk {
  isDone(): boolean;
  /** Compares the next faces. */
  step(writer: Writer): Promise<void>;
  /** All of them again, from where it stands. */
  restart(): void;
}

/**
 * `from`: the key where an earlier process stopped. The walk goes on there, to the end, and then from the first face to
 * `from`: a load that is interrupted again and again gets ahead all the same, and what was loaded then is compared at last.
 */
export function createWalk(deps: {
  context: Pick<PluginContext, 'readFaces' | 'faceKeys' | 'log'>;
  batch: number;
  from: number;
}): Walk {
  const { context, batch } = deps;
  let position = deps.from;
  /** Where it ends after the turn; -1: at the end of the keys. */
  let goal = position;
  let hasTurned = false;
  let isDone = false;
  let compared = 0;
  let sent = 0;
  let generation = 0;

  return {
    isDone: () => isDone,
    restart() {
      goal = position;
      hasTurned = false;
      isDone = false;
      generation += 1;
    },
    async step(writer) {
      const before = generation;
      const keys = context.faceKeys(null, position, batch);
      const last = keys.at(-1);
      const isEnd = last === undefined || keys.length < batch;
      const written = await writer.reconcile(context.readFaces(keys), position, isEnd ? null : last);
      // Told to start again after these faces were read: they may have changed since.
      if (before !== generation) return;
      sent += written;
      compared += keys.length;
      position = isEnd ? -1 : last;
      const isAround = isEnd ? hasTurned || goal === -1 : hasTurned && position >= goal;
      if (isEnd) hasTurned = true;
      if (!isAround) return;
      await writer.remember(-1);
      if (before !== generation) return;
      position = -1;
      isDone = true;
      context.log.info({ compared, sent }, 'all faces are in PostgreSQL');
      compared = 0;
      sent = 0;
    },
  };
}
