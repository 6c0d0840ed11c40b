/** What answers about pictures have in common (LP5 2.4, 3.6): their status, their EXIF tags, what was left out. */
import * as z from 'zod';
import { ErrorBody } from '../schemas.ts';
import { Detection } from './estimation-view.ts';

export const PictureStatus = z.object({
  filename: z.string(),
  status: z.union([z.literal(0), z.literal(1)]),
  error: ErrorBody,
});

export const Exif = z.record(z.string(), z.union([z.string(), z.number(), z.array(z.number())])).nullable();

export const FilteredDetections = z
  .object({
    face_detections: z.array(
      z.object({
        filename: z.string(),
        detection: z.object({ sample: z.object({ detection: Detection }) }),
        filter_reasons: z.array(
          z.object({
            filter_name: z.string(),
            object_value: z.union([z.number(), z.string(), z.null()]),
            threshold_value: z.union([z.number(), z.array(z.number())]),
          }),
        ),
      }),
    ),
    body_detections: z.array(z.unknown()).max(0),
  })
  .meta({ id: 'FilteredDetections' });
