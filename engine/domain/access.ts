/** Who asks, and what they may do (LP5 1.5). The account is the owner of everything a request creates. */

export type AccountType = 'user' | 'advanced_user' | 'admin';

export const rights = ['creation', 'view', 'modification', 'deletion', 'matching'] as const;
export type Right = (typeof rights)[number];

export const rightObjects = [
  'attribute',
  'face',
  'list',
  'handler',
  'verifier',
  'task',
  'event',
  'face_sample',
  'body_sample',
  'image',
  'object',
  'token',
] as const;
export type RightObject = (typeof rightObjects)[number];

export const rightResources = ['liveness', 'iso', 'sdk'] as const;
export type RightResource = (typeof rightResources)[number];

export interface ObjectRight {
  object: RightObject;
  right: Right;
}

/**
 * What a route asks of its caller. `open`: nothing, not even an account. `account`: any account, no token.
 * `emit_events`: event generation by the handler of the path. `administrator`: an account of type admin with its
 * password, or a program on the appliance itself.
 */
export type RouteRight =
  | ObjectRight
  | { resource: RightResource }
  | 'emit_events'
  | 'administrator'
  | 'authorized'
  | 'account'
  | 'open';

/** The rights that exist on each object (LP5 1.5). */
export const rightsOf = {
  attribute: rights,
  face: rights,
  list: ['creation', 'view', 'modification', 'deletion'],
  handler: ['creation', 'view', 'modification', 'deletion'],
  verifier: ['creation', 'view', 'modification', 'deletion'],
  task: ['creation', 'view', 'modification', 'deletion'],
  event: ['creation', 'view', 'matching'],
  face_sample: ['creation', 'view', 'deletion'],
  body_sample: ['creation', 'view', 'deletion'],
  image: ['creation', 'view', 'deletion'],
  object: ['creation', 'view', 'deletion'],
  token: ['creation', 'view', 'modification', 'deletion'],
} as const satisfies Record<RightObject, readonly Right[]>;

/** LP5 token permissions; absent members grant nothing. */
export interface Permissions {
  objects: Partial<Record<RightObject, readonly Right[]>>;
  resources: readonly RightResource[];
  emitEvents: { allowed: boolean; whiteList: readonly string[]; blackList: readonly string[] };
}

export interface Caller {
  /** Owner of what the request creates, and whose objects it sees. */
  accountId: string;
  /** The account that signed in, when it acts for another one (`accountId`): its own account and tokens are meant. */
  actingAccountId?: string;
  accountType: AccountType;
  via: 'account_id' | 'basic' | 'token';
  /** Of the token that it came with. */
  tokenId?: string;
  /** Null: all rights of the account type. */
  permissions: Permissions | null;
  /** Reads and matching see the objects of every account (advanced_user, admin). */
  seesAllAccounts: boolean;
}

/** The account whose objects a read may see; null for all of them. */
export function visibleTo(caller: Caller): string | null {
  return caller.seesAllAccounts ? null : caller.accountId;
}

/** The account whose login and tokens the caller manages. */
export function ownAccountOf(caller: Caller): string {
  return caller.actingAccountId ?? caller.accountId;
}
