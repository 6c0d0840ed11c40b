import type { BootSettings } from '#contract/settings/boot-settings';
import type { Trust } from '#inference/packs/pack-files';
import { parsePublicKey, type TrustedKey } from '#inference/packs/signature';

/** Whose packs are taken, by the boot settings. `own`: the key of this appliance, with which it signs what it imports. */
export function trustOf(
  settings: Pick<BootSettings, 'pack_keys' | 'allow_unsigned_packs'>,
  own: readonly TrustedKey[],
): Trust {
  const texts = settings.pack_keys.split(/[\s,]+/).filter(Boolean);
  const keys = texts.map((text) => ({ name: text, key: parsePublicKey(text) }));
  return { keys: [...keys, ...own], allowUnsigned: settings.allow_unsigned_packs };
}
