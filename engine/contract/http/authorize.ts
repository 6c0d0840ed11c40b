import type { Context, MiddlewareHandler } from 'hono';
import type { Caller, RouteRight } from '#domain/access';
import { lunaError } from '#kernel/errors';
import type { CandidateOrigin } from '../matching/candidates.ts';

/** Throws what LP5 answers when `caller` may not do what `right` asks. `handlerId` matters for `emit_events` only. */
export function requireRight(
  caller: Caller | null,
  right: Exclude<RouteRight, 'administrator' | 'open'>,
  handlerId?: string,
): void {
  if (!caller) throw lunaError('AuthorizationMissing');
  requireOwnData(caller, right);
  const { permissions } = caller;
  if (permissions === null || right === 'authorized') return;
  if (right === 'account') throw lunaError('TokenNotAllowed');
  if (right === 'emit_events') {
    const { allowed, whiteList, blackList } = permissions.emitEvents;
    const listed = whiteList.length === 0 || (handlerId !== undefined && whiteList.includes(handlerId));
    const barred = handlerId !== undefined && blackList.includes(handlerId);
    if (!allowed || !listed || barred) throw lunaError('TokenLacksRight', { right: 'emit_events', object: 'handler' });
    return;
  }
  if ('resource' in right) {
    if (!permissions.resources.includes(right.resource)) {
      throw lunaError('TokenLacksResource', { resource: right.resource });
    }
    return;
  }
  if (!permissions.objects[right.object]?.includes(right.right)) {
    throw lunaError('TokenLacksRight', { right: right.right, object: right.object });
  }
}

const objectOf = { faces: 'face', events: 'event', attributes: 'attribute' } as const;

/** What stands in the declaration of a route that asks `requireMatching`. */
export const matchingRights = Object.values(objectOf).map((object) => ({ object, right: 'matching' }) as const);

/** Throws `TokenLacksRight` unless `caller` may match objects of each origin (LP5 1.5). */
export function requireMatching(caller: Caller, origins: Iterable<CandidateOrigin>): void {
  for (const origin of origins) requireRight(caller, { object: objectOf[origin], right: 'matching' });
}

/**
 * An advanced user may look at, match and add to the data of another account, never change or remove them (LP5 1.5;
 * an administrator may).
 */
function requireOwnData(caller: Caller, right: RouteRight): void {
  if (caller.actingAccountId === undefined || caller.accountType === 'admin') return;
  if (typeof right !== 'object' || !('object' in right)) return;
  if (right.right !== 'modification' && right.right !== 'deletion') return;
  throw lunaError('AccountTypeForbids', {
    accountType: caller.accountType,
    what: `change the data of another account (${right.right} of ${right.object})`,
  });
}

/**
 * Throws unless `caller` is an account of type admin that gave its password. A program on the appliance that is trusted
 * (`isTrusted`) needs no account; a token is nobody's password, wherever it comes from.
 */
export function requireAdministrator(caller: Caller | null, isTrusted: boolean): void {
  if (caller?.via === 'token') throw lunaError('TokenNotAllowed');
  if (isTrusted) return;
  if (!caller) throw lunaError('AuthorizationMissing');
  const { accountType, via } = caller;
  if (accountType !== 'admin') throw lunaError('AccountTypeForbids', { accountType, what: 'administer the appliance' });
  if (via !== 'basic') throw lunaError('AuthorizationFailed', { reason: 'login and password are needed here' });
}

/**
 * Who asks; null when the request names nobody. Credentials are looked at when a route asks for somebody, so that those
 * that nobody asked for do no harm. Throws what is wrong with them.
 */
export async function identify(context: Context): Promise<Caller | null> {
  const find: (() => Promise<Caller | null>) | undefined = context.get('identify');
  if (find) context.set('caller', await find());
  return context.get('caller') ?? null;
}

/** Whether a program on the appliance asks that is taken at its word (`Accounts.trusts`). */
export function isTrusted(context: Context): boolean {
  const ask: (() => boolean) | undefined = context.get('isTrusted');
  return ask?.() ?? false;
}

/** Middleware in front of a route's validation: who may not, learns nothing about the body. */
export function authorize(right: RouteRight): MiddlewareHandler {
  return async (context, next) => {
    if (right === 'open') return next();
    const caller = await identify(context);
    if (right === 'administrator') requireAdministrator(caller, isTrusted(context));
    else requireRight(caller, right, context.req.param('handler_id')?.toLowerCase());
    return next();
  };
}
