import { type FlagCheck, type ListCheck, own, type RangeCheck, rounded } from './check.ts';

type QualityName = 'light' | 'dark' | 'blurriness' | 'illumination' | 'specularity';

const ofChip = (name: QualityName, min: number, formula: string, source: string): RangeCheck => ({
  kind: 'range',
  threshold: { min },
  needs: ['quality'],
  unit: '0..1, 1 is good',
  formula: `${formula}; on the upright face in 150 x 150 pixels, inside an ellipse`,
  source,
  measure: ({ face }) => rounded(face.quality?.[name]),
});

const illumination = (): RangeCheck =>
  ofChip(
    'illumination',
    0.3,
    'overlap of the luma histograms (32 bins) of the left and the right half',
    'ISO/IEC 29794-5, illumination uniformity',
  );

const ofPortrait = (
  name: 'dynamicRange' | 'backgroundUniformity' | 'backgroundLightness',
  check: Pick<RangeCheck, 'threshold' | 'unit' | 'formula' | 'source'>,
): RangeCheck => ({
  kind: 'range',
  needs: ['portrait'],
  ...check,
  measure: ({ face }) => rounded(face.portrait?.[name]),
});

const background =
  'the picture around the head, down to the height of the mouth; the head with its hair is an ellipse laid by eyes, nose and mouth, no network finds it: long hair beside it counts as background; null when less than 5 % of that room lies in the picture, and for face samples';

/** What the pixels of the face and its surroundings tell. */
export const qualityChecks = {
  illumination_quality: illumination(),
  illumination_uniformity: illumination(),
  specularity_quality: ofChip(
    'specularity',
    0.3,
    '1 - share / 0.1 of pixels with luma from 235 on whose largest and smallest of R, G, B differ by at most 25',
    own,
  ),
  blurriness_quality: ofChip(
    'blurriness',
    0.61,
    'v / (v + 100) of the variance v of the Laplacian of the luma',
    'LAPV of Pech-Pacheco et al. 2000; the 100 is our own',
  ),
  dark_quality: ofChip(
    'dark',
    0.5,
    '1 - share / 0.2 of pixels with luma up to 25',
    'ISO/IEC 29794-5, under-exposure prevention; the 0.2 is our own',
  ),
  light_quality: ofChip(
    'light',
    0.57,
    '1 - share / 0.2 of pixels with luma from 247 on',
    'ISO/IEC 29794-5, over-exposure prevention; the 0.2 is our own',
  ),
  dynamic_range: ofPortrait('dynamicRange', {
    threshold: { min: 0.5 },
    unit: '0..1',
    formula:
      'entropy in bits of the 256-bin luminance histogram of the face oval, over 8; null with less than half of the oval in the picture',
    source: 'ISO/IEC 29794-5, dynamic range, as in OFIQ',
  }),
  background_uniformity: ofPortrait('backgroundUniformity', {
    threshold: { min: 0.5 },
    unit: '0..1, 1 is uniform',
    formula: `1.9 (1 - 1 / (1 + exp((10 - g) / 100))) of the mean Scharr gradient g of the luminance, the eyes brought to 81 pixels apart, in ${background}, or with the eyes less than 41 pixels apart`,
    source: 'ISO/IEC 29794-5, background uniformity, as in OFIQ, whose background is found by a network',
  }),
  background_lightness: ofPortrait('backgroundLightness', {
    threshold: { min: 0.3, max: 0.97 },
    unit: '0..1: to 0.1 black, to 0.3 dark, to 0.97 light, then white',
    formula: 'mean luma over 255 in the same part of the picture, null alike',
    source: `scale of LP5 5.27; the mean is ${own}`,
  }),
  natural_light: {
    kind: 'flag',
    threshold: [1],
    needs: ['portrait'],
    unit: '1 natural, 0 not',
    formula:
      '1 when the mean colour of both cheeks is at most 11 from a* 5..25, b* 5..35 in CIELAB and neither is below 0: it tells a colour cast, not the kind of lamp; null for faces without colour and hidden cheeks',
    source: 'ISO/IEC 29794-5, natural colour, as in OFIQ, where a score of 50 of 100 is our limit',
    measure: ({ face }) => face.portrait?.naturalLight ?? null,
  } satisfies FlagCheck as FlagCheck,
  red_eyes: {
    kind: 'flag',
    threshold: [0],
    needs: ['portrait', 'eyes'],
    unit: '1 red, 0 not',
    formula:
      '1 when in a pupil (half the radius of the iris) at least 0.3 of the pixels have R - max(G, B) from 40 on and a hue within 20 degrees of red; null when an eye is closed or its iris has a radius under 6 pixels, and for faces without colour',
    source: own,
    measure: ({ face }) => face.portrait?.redEyes ?? null,
  } satisfies FlagCheck as FlagCheck,
  face_color_type: {
    kind: 'list',
    values: ['color', 'grayscale', 'infrared'],
    threshold: ['color'],
    needs: ['portrait'],
    unit: 'name',
    formula:
      '`grayscale` when max(R, G, B) - min(R, G, B) has a mean up to 6 and a 95th percentile up to 12 over the face and over its surroundings; null when over the face only; `infrared` looks like any other grey picture and is never answered',
    source: own,
    measure: ({ face }) => face.portrait?.colorType ?? null,
  } satisfies ListCheck as ListCheck,
};
