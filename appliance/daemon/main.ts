import './runtime-check.ts';
import { runDaemon } from './daemon.ts';

await runDaemon();
