/** A script in Python: one picture and one box per request to `/detector`, both in a form; it prints what comes. */
import * as z from 'zod';
import { decimal, filled, integer, Rect, text } from './parses.ts';

export const query =
  'multiface_policy=1&estimate_quality=1&estimate_eyes_attributes=1&estimate_mask=1&pitch_threshold=180';

/** The parts have file names, the JSON too. The box is the upper left corner, whatever the picture. */
export function form(filename: string, jpeg: Uint8Array<ArrayBuffer>): FormData {
  const box = { x: 0, y: 0, width: 250, height: 250 };
  const boxes = JSON.stringify([{ filename, face_bounding_boxes: [box] }]);
  const parts = new FormData();
  parts.append('image', new Blob([jpeg], { type: 'image/jpeg' }), filename);
  parts.append('face_bounding_boxes', new Blob([boxes], { type: 'application/json' }), 'face_bounding_boxes');
  return parts;
}

/** What LP5 2.4 says of the answer, since the script reads JSON and no more. */
export const Detected = z.object({
  images: z.array(
    z.object({
      filename: filled,
      status: integer,
      error: z.object({ error_code: integer, desc: text, detail: text, link: text }),
      detections: z.object({
        samples: z.array(
          z.object({
            face: z.object({
              sample_id: filled,
              url: filled,
              detection: z.object({ rect: Rect, quality: z.object({ blurriness: decimal }) }),
            }),
          }),
        ),
      }),
    }),
  ),
});
