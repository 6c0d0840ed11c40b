/**
 * LP5's services that answer on a port of their own too when `compat_ports` is on: LP5's default port, and the version of
 * the service's own API, which is the prefix of its paths. What each of them serves stands in `engine/own-ports.ts`.
 */
export const ownPortServices = {
  'luna-python-matcher': { port: 5100, api: 1 },
  'luna-python-matcher-proxy': { port: 5110, api: 1 },
} as const satisfies Record<string, { port: number; api: number }>;

export type OwnPortService = keyof typeof ownPortServices;
