import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defaultDescriptorVersion } from '#domain/descriptor/descriptor';
import { prepareKernels } from '../../../../build/kernels/compile.ts';
import { accountA } from '../../route-bench.ts';
import { descriptorOf, eventCalls, faceOf, openHandlersBench } from '../handlers-bench.ts';

const bench = await openHandlersBench(await prepareKernels({ outDir: 'dist' }));
const { storage, inference } = bench;
const { makeHandler, send } = eventCalls(bench);

const matched = suite('events that match events');
matched.after(() => bench.close());

for (const targets of [undefined, ['event_id', 'match_result', 'meta']] as const) {
  matched(`a person seen again and again: events do not grow, with ${targets ?? 'no'} targets`, async () => {
    const source = targets ? 'with targets' : 'without';
    const handlerId = await makeHandler({
      match_policy: [
        { label: 'before', candidates: { origin: 'events', sources: [source] }, ...(targets && { targets }) },
      ],
    });
    const sizes: { stored: number; answered: number }[] = [];
    for (let n = 1; n <= 50; n++) {
      // Nearest to each picture are those just before it.
      const vector = descriptorOf(1, n);
      inference.put(`ann ${n}`, faceOf(1, { descriptor: { version: defaultDescriptorVersion, vector, score: 1 } }));
      const { body } = await send(handlerId, `ann ${n}`, `?source=${encodeURIComponent(source)}`);
      const [event] = body.events;
      const stored = storage.events.findRow(event.event_id, accountA);
      assert.is(event.matches[0].candidates.length, Math.min(3, n - 1));
      sizes.push({ stored: stored?.document.length ?? 0, answered: JSON.stringify(event).length });
    }
    const [fifth, last] = [sizes[4], sizes[49]];
    assert.ok(fifth && last);
    // Digits of similarities make small differences.
    assert.ok(last.stored < fifth.stored * 1.05, `${fifth.stored} bytes stored, then ${last.stored}`);
    assert.ok(last.answered < fifth.answered * 1.05, `${fifth.answered} bytes answered, then ${last.answered}`);
  });
}

matched.run();
