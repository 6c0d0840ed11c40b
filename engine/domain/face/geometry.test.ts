import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Point } from './estimation.ts';
import {
  fitSimilarity,
  invertTransform,
  mirrored,
  overlaps,
  scaleOf,
  squareToPicture,
  suppressOverlaps,
  transformPoint,
} from './geometry.ts';

const geometry = suite('geometry');

function near(actual: Point, expected: Point, tolerance = 1e-6): void {
  assert.ok(Math.hypot(actual[0] - expected[0], actual[1] - expected[1]) < tolerance, `${actual} is not ${expected}`);
}

const coordinate = fc.double({ min: -500, max: 500, noNaN: true });
const point = fc.tuple(coordinate, coordinate);

geometry('a similarity is found again from the points it moved', () => {
  fc.assert(
    fc.property(
      fc.array(point, { minLength: 2, maxLength: 8 }),
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.double({ min: 0.1, max: 10, noNaN: true }),
      point,
      (points, angle, scale, [dx, dy]) => {
        const [first = [0, 0]] = points;
        fc.pre(points.some(([x, y]) => Math.hypot(x - first[0], y - first[1]) > 1));
        const moved = points.map(
          ([x, y]): Point => [
            scale * (Math.cos(angle) * x - Math.sin(angle) * y) + dx,
            scale * (Math.sin(angle) * x + Math.cos(angle) * y) + dy,
          ],
        );
        const found = fitSimilarity(points, moved);
        for (const [i, from] of points.entries()) near(transformPoint(found, from), moved[i] as Point, 1e-5);
      },
    ),
  );
});

geometry('a mirrored set of points is fitted without a reflection', () => {
  const from: Point[] = [
    [0, 0],
    [2, 0],
    [0, 1],
  ];
  const fit = fitSimilarity(
    from,
    from.map(([x, y]): Point => [-x, y]),
  );
  assert.ok(fit.xx * fit.yy - fit.xy * fit.yx > 0);
});

geometry('points that coincide have no similarity', () => {
  assert.throws(
    () =>
      fitSimilarity(
        [
          [1, 1],
          [1, 1],
        ],
        [
          [0, 0],
          [1, 1],
        ],
      ),
    /two different points/,
  );
});

geometry('the inverse undoes a transform', () => {
  const transform = squareToPicture({ centreX: 40, centreY: 7, side: 90, angle: 0.7 }, 30);
  near(transformPoint(invertTransform(transform), transformPoint(transform, [3, 4])), [3, 4]);
});

geometry('the middle of a network input is the centre of its square, its pixels are side / size apart', () => {
  const transform = squareToPicture({ centreX: 40, centreY: 7, side: 90, angle: 0.7 }, 31);
  near(transformPoint(transform, [15, 15]), [40, 7]);
  assert.ok(Math.abs(scaleOf(transform) - 90 / 31) < 1e-12);
});

geometry('a square turned clockwise has its right end lower in the picture', () => {
  const transform = squareToPicture({ centreX: 0, centreY: 0, side: 10, angle: 0.2 }, 11);
  assert.ok(transformPoint(transform, [10, 5])[1] > 0);
});

geometry('a mirrored input sees the last column first', () => {
  const transform = squareToPicture({ centreX: 40, centreY: 7, side: 90, angle: 0.7 }, 31);
  near(transformPoint(mirrored(transform, 31), [0, 12]), transformPoint(transform, [30, 12]));
});

const limits = { overUnion: 0.3, overSmaller: 0.7 };
geometry('of two boxes over one face the first stays, a neighbour is left alone', () => {
  const rect = { x: 0, y: 0, width: 10, height: 10 };
  const inner = { x: 1, y: 1, width: 3, height: 3 };
  const neighbour = { x: 9, y: 0, width: 10, height: 10 };
  assert.ok(overlaps(rect, inner, limits));
  assert.not(overlaps(rect, inner, { overUnion: 0.3, overSmaller: 1 }));
  assert.equal(suppressOverlaps([{ rect }, { rect: inner }, { rect: neighbour }], limits), [
    { rect },
    { rect: neighbour },
  ]);
});

geometry.run();
