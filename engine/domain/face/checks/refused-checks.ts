/** Checks of LP5 that are refused by name (11044), each with the reason: neither a network nor the pixels decide them. */
export const refusedChecks = {
  radial_distortion: 'one portrait has no straight line that would prove it',
  mouth_occluded: 'no network of this appliance tells a covered mouth',
  smile_properties: 'no network of this appliance tells whether a smile shows the teeth',
  glasses: 'no network of this appliance tells glasses',
  eyebrows_state: 'no network of this appliance tells raised, squinting and frowning brows',
  headwear_type: 'no network of this appliance tells headwear',
  shoulders_position: 'no network of this appliance finds shoulders',
} as const;

export type RefusedCheckName = keyof typeof refusedChecks;
export const refusedCheckNames = Object.keys(refusedChecks) as RefusedCheckName[];
