import { type CheckedFace, type ListCheck, own, type RangeCheck, round } from './check.ts';

const counted = (unit: string, threshold: RangeCheck['threshold'], measure: RangeCheck['measure']): RangeCheck => ({
  kind: 'range',
  threshold,
  needs: [],
  unit,
  formula: unit === 'bytes' ? 'length of the file' : 'of the picture after its EXIF turn',
  source: 'counted',
  measure,
});

/** The file and the picture. */
export const pictureChecks = {
  image_format: {
    kind: 'list',
    values: ['JPEG', 'JPEG2000', 'PNG', 'BMP', 'TIFF', 'PPM', 'WEBP', 'GIF'],
    threshold: ['JPEG', 'JPEG2000', 'PNG'],
    needs: [],
    unit: 'name',
    formula: 'by the first bytes of the file; `JPEG2000` cannot be decoded here and is never answered',
    source: 'the signatures that the formats define',
    measure: ({ picture }: CheckedFace) => picture.format.toUpperCase(),
  } satisfies ListCheck,
  image_size: counted('bytes', { min: 5120, max: 2_097_152 }, ({ picture }) => picture.sizeBytes),
  image_width: counted('pixels', { min: 180 }, ({ picture }) => picture.width),
  image_height: counted('pixels', { min: 180 }, ({ picture }) => picture.height),
  aspect_ratio: {
    kind: 'range',
    threshold: { min: 0.74, max: 0.8 },
    needs: [],
    unit: 'ratio',
    formula: 'width over height of the picture after its EXIF turn',
    source: `${own}, by the name`,
    measure: ({ picture }: CheckedFace) => round(picture.width / picture.height),
  } satisfies RangeCheck,
};
