import { type DestinationStream, type Logger, pino } from 'pino';

/** The levels of `PERIGEE_LOG_LEVEL`, quietest last. */
export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One JSON object per line. Never handed passwords, tokens, pictures or descriptors. */
export type Log = Logger;

export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  return destination ? pino(options, destination) : pino(options);
}
