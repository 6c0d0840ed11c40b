/** A matcher worker: scans blocks of attached galleries when told to. One per core; holds no rows of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import type {
  AssignAnswer,
  AssignJob,
  FromWorker,
  ScanAnswer,
  ScanJob,
  ToWorker,
  WorkerSetup,
} from './scan/messages.ts';
import { createScanner, type Scanner } from './scan/scan.ts';
import { warmKernels } from './scan/warm.ts';

if (!parentPort) throw new Error('matching.worker is started by the matcher, not by hand');
const port = parentPort;
const { kernels, worker } = workerData as WorkerSetup;
const scanners = new Map<number, Scanner>();

function detach(gallery: number): void {
  scanners.get(gallery)?.close();
  scanners.delete(gallery);
}

function answer({ job, gallery }: ScanJob | AssignJob, work: (scanner: Scanner) => ScanAnswer | AssignAnswer): void {
  try {
    const scanner = scanners.get(gallery);
    if (!scanner) throw new Error(`gallery ${gallery} is not attached`);
    port.postMessage({ kind: 'answer', answer: work(scanner) } satisfies FromWorker);
  } catch (error) {
    port.postMessage({ kind: 'failed', job, reason: String((error as Error).message) } satisfies FromWorker);
  }
}

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'attach':
      detach(message.attachment.gallery);
      scanners.set(message.attachment.gallery, createScanner(message.attachment, worker, kernels));
      return;
    case 'detach':
      detach(message.gallery);
      return;
    case 'stop':
      for (const gallery of [...scanners.keys()]) detach(gallery);
      port.close();
      return;
    case 'scan':
      return answer(message.scan, (scanner) => scanner.scan(message.scan));
    case 'assign':
      return answer(message.assign, (scanner) => scanner.assign(message.assign));
  }
});

warmKernels(kernels);
port.postMessage({ kind: 'ready' } satisfies FromWorker);
