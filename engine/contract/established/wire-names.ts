/** Words of requests and answers that LP5's documentation does not establish (LP5 15). Kinds of pictures are numbers. */

/** Kinds of handlers, as numbers (LP5 3.1). */
export const handlerTypes = { static: 0, dynamic: 1 } as const;

/** What `/handlers/validator` answers for valid policies (LP5 3.1). */
export const validatorAnswer = {} as const;

/** Ways in which a request carries a descriptor (LP5 7.4). */
export const descriptorTypes = ['sdk_descriptor', 'xpk_file', 'raw_descriptor'] as const;

/** Content types of a body that is a descriptor in place of a picture, of event generation only (LP5 2.1). */
export const descriptorContentTypes = { sdk: 'application/x-sdk-descriptor', xpk: 'application/x-vl-xpk' } as const;

/** Words of POST `/events/stats` (LP5 8.3), and the member of its answer. */
export const statisticWords = {
  operators: ['eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'in', 'nin', 'like'],
  aggregators: ['count', 'max', 'min', 'avg', 'group_by'],
  frequencies: ['hour', 'weekday', 'monthday', 'month', 'year'],
  answer: 'statistic',
} as const;

/** Where an event took place, as parameters of event generation (LP5 3.6). */
export const placeQuery = {
  city: 'city',
  area: 'area',
  district: 'district',
  street: 'street',
  houseNumber: 'house_number',
  longitude: 'longitude',
  latitude: 'latitude',
} as const;

/** Members of the answer about a face's attributes (LP5 5.2), and of the one that counts them. */
export const attributeNames = {
  descriptor: 'face_descriptor',
  basicAttributes: 'basic_attributes',
  descriptorSamples: 'face_descriptor_samples',
  basicAttributesSamples: 'basic_attributes_samples',
  createTime: 'create_time',
} as const;
export const attributeCountMember = 'faces_attributes_count';

/** Order of `/events` and its kin without `order` (LP5 8.1). */
export const defaultOrder: 'asc' | 'desc' = 'desc';

/** Resources of accounts and tokens (LP5 1.5). */
export const accountPaths = { login: '/login', account: '/account', accounts: '/accounts', tokens: '/tokens' } as const;

/** Members of `/luna_sys_info` (LP5 1.1). */
export const systemInfoMembers = { licence: 'license_info', system: 'system' } as const;

/** `image_type` (LP5 2.2). Words are not taken. */
export const imageTypes = { raw: 0, faceWarp: 1, bodyWarp: 2 } as const;
