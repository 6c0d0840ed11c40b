/** Token permissions: what a request body says, what is stored and answered, and what rights are checked against. */
import { type Permissions, rightObjects, rightResources, rightsOf } from '#domain/access';
import type { PermissionsOut, TokenPermissions } from './token.schema.ts';

/** Every right on every object, every resource, event generation by every handler. */
export function allPermissions(): TokenPermissions {
  return {
    ...(Object.fromEntries(Object.entries(rightsOf).map(([object, rights]) => [object, [...rights]])) as Pick<
      TokenPermissions,
      keyof typeof rightsOf
    >),
    resources: [...rightResources],
    emit_events: { allowed: true, white_list: [], black_list: [] },
  };
}

/** As answered: every member, flags as 0 and 1. */
export function toAnswer(permissions: TokenPermissions): PermissionsOut {
  const { allowed, white_list, black_list } = permissions.emit_events;
  return { ...permissions, emit_events: { allowed: allowed ? 1 : 0, white_list, black_list } };
}

/** What `authorize` looks at. */
export function toRights(stored: PermissionsOut): Permissions {
  const { allowed, white_list, black_list } = stored.emit_events;
  return {
    objects: Object.fromEntries(rightObjects.map((object) => [object, stored[object] ?? []])),
    resources: stored.resources,
    emitEvents: { allowed: allowed === 1, whiteList: white_list, blackList: black_list },
  };
}
