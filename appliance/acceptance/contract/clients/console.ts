/**
 * A console in Next.js: events by every filter of its form, lists, handlers, one event, handler and face, pictures.
 * Basic and account header together, and `Content-Type: application/json` also on GET.
 */
import * as z from 'zod';
import { decimal, filled, integer, Rect, text } from './parses.ts';

export const headers = (accountId: string): Record<string, string> => ({
  'Luna-Account-Id': accountId,
  'Content-Type': 'application/json',
});

export const listsPath = '/6/lists?page=1&page_size=100';
export const handlersPath = '/6/handlers?page=1&page_size=100';

/** Where it looks for a picture that it has only the id of, one after the other. */
export const samplePaths = (id: string): string[] =>
  ['/6/samples', '/6/samples/faces', '/6/samples/bodies'].map((folder) => `${folder}/${id}`);

/** What its form can add to `page`, `page_size` and `order`. It asks for single filters and for several. */
export const filters = (known: { handlerId: string; faceId: string; now: number }): Record<string, string>[] => [
  {},
  { top_similar_object_similarity__gte: '0.75' },
  { top_similar_object_similarity__gte: '0.50', top_similar_object_similarity__lt: '0.75' },
  { top_similar_object_similarity__lt: '0.50' },
  { top_similar_object_similarity__gte: '0.1', top_similar_object_similarity__lte: '0.9' },
  { top_similar_object_similarity__gte: '0.1', top_similar_object_similarity__lt: '1' },
  { top_matching_candidates_label: 'staff' },
  { handler_ids: known.handlerId, sources: 'gate', face_ids: known.faceId },
  { gender: '1', age__gte: '18', age__lt: '60' },
  { apparent_gender: '0', apparent_age__gte: '18', apparent_age__lt: '60' },
  ...['0', '1', '2'].map((liveness) => ({ liveness })),
  ...['1', '2', '3'].map((masks) => ({ masks })),
  ...['1', '2', '3', '4'].map((ethnic_groups) => ({ ethnic_groups })),
  ...['1', '2', '3', '4', '5', '6', '7'].map((emotions) => ({ emotions })),
  ...['0', '1'].map((deepfake) => ({ deepfake })),
  ...['0', '1', '2'].map((headwear_states) => ({ headwear_states })),
  ...['short', 'long'].map((sleeve_lengths) => ({ sleeve_lengths })),
  { upper_clothing_colors: 'black,white,red' },
  ...['trousers', 'skirt', 'shorts'].map((lower_garment_types) => ({ lower_garment_types })),
  { backpack_states: '1' },
  { cities: 'Karachi', areas: 'Defence' },
  { create_time__gte: new Date(known.now - 3_600_000).toISOString() },
  {
    create_time__gte: new Date(known.now - 3_600_000).toISOString(),
    create_time__lt: new Date(known.now + 3_600_000).toISOString(),
  },
];

const MatchedFace = z.object({ face_id: text, user_data: text.nullish(), avatar: text.nullish() });
const Matches = z.array(
  z.object({
    label: text.nullish(),
    candidates: z.array(z.object({ face: MatchedFace.nullish(), similarity: decimal })),
  }),
);
const Detections = z.array(
  z.object({
    sample_id: text.nullish(),
    image_origin: text.nullish(),
    detection: z.object({ rect: Rect }).nullish(),
  }),
);
const Clothes = z.object({ colors: z.array(text).nullish() }).nullish();

/** It sorts by `create_time`, draws the faces' samples, and names the person by `top_match` or by the best candidate. */
export const Event = z.object({
  event_id: filled,
  create_time: z.iso.datetime({ offset: true }),
  source: text.nullish(),
  handler_id: filled,
  top_match: z
    .object({
      face_id: text.nullish(),
      similarity: decimal.nullish(),
      label: text.nullish(),
      face: MatchedFace.nullish(),
    })
    .nullish(),
  match_result: Matches.nullish(),
  face_detections: Detections.nullish(),
  body_detections: Detections.nullish(),
  body_basic_attributes: z.object({ apparent_age: integer.nullish(), apparent_gender: integer.nullish() }).nullish(),
  upper_body: z.object({ upper_clothing: Clothes }).nullish(),
  lower_body: z.object({ lower_garment: Clothes }).nullish(),
  accessories: z.object({ backpack: z.object({ state: integer }).nullish() }).nullish(),
  location: z
    .object({
      area: text.nullish(),
      city: text.nullish(),
      geo_position: z.object({ latitude: decimal, longitude: decimal }).nullish(),
    })
    .nullish(),
  user_data: text.nullish(),
});
export const Events = z.object({ events: z.array(Event) });
export const Lists = z.object({ lists: z.array(z.object({ list_id: filled, user_data: text.nullish() })) });
export const Handler = z.object({ handler_id: filled, description: text.nullish() });
export const Handlers = z.object({ handlers: z.array(Handler) });
export const Face = z.object({ face_id: filled, avatar: text });
