import type { Point, Rect } from './estimation.ts';

/** A plane transform: x' = xx * x + xy * y + x0, y' = yx * x + yy * y + y0. Pixel centres are whole numbers. */
export interface Transform {
  readonly xx: number;
  readonly xy: number;
  readonly x0: number;
  readonly yx: number;
  readonly yy: number;
  readonly y0: number;
}

/** A square of a picture that a network looks at, turned by `angle` (radians, clockwise in the picture). */
export interface Square {
  readonly centreX: number;
  readonly centreY: number;
  readonly side: number;
  readonly angle: number;
}

export function transformPoint(transform: Transform, [x, y]: Point): Point {
  return [transform.xx * x + transform.xy * y + transform.x0, transform.yx * x + transform.yy * y + transform.y0];
}

export function invertTransform({ xx, xy, x0, yx, yy, y0 }: Transform): Transform {
  const determinant = xx * yy - xy * yx;
  if (determinant === 0) throw new RangeError('the transform has no inverse');
  const inverse = { xx: yy / determinant, xy: -xy / determinant, yx: -yx / determinant, yy: xx / determinant };
  return { ...inverse, x0: -(inverse.xx * x0 + inverse.xy * y0), y0: -(inverse.yx * x0 + inverse.yy * y0) };
}

/** How many units of the target one unit of the source takes (of a transform without distortion). */
export function scaleOf({ xx, yx }: Transform): number {
  return Math.hypot(xx, yx);
}

/** From the pixels of a `size` x `size` network input to the pixels of the picture. */
export function squareToPicture({ centreX, centreY, side, angle }: Square, size: number): Transform {
  const scale = side / size;
  const [cos, sin] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  const half = (size - 1) / 2;
  return {
    xx: cos,
    xy: -sin,
    x0: centreX - (cos - sin) * half,
    yx: sin,
    yy: cos,
    y0: centreY - (sin + cos) * half,
  };
}

/** The same, seen in a mirror: left and right of the network input are exchanged. */
export function mirrored(transform: Transform, size: number): Transform {
  const { xx, xy, x0, yx, yy, y0 } = transform;
  return { xx: -xx, xy, x0: x0 + xx * (size - 1), yx: -yx, yy, y0: y0 + yx * (size - 1) };
}

/**
 * Rotation, scale and shift that take `from` to `to` with the least squared error, without reflection (four degrees of
 * freedom; Umeyama 1991 in two dimensions, where complex numbers solve it in closed form). Needs two different points.
 */
export function fitSimilarity(from: readonly Point[], to: readonly Point[]): Transform {
  const count = from.length;
  let [fromX, fromY, toX, toY] = [0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const [fx, fy] = from[i] as Point;
    const [tx, ty] = to[i] as Point;
    fromX += fx / count;
    fromY += fy / count;
    toX += tx / count;
    toY += ty / count;
  }
  let [real, imaginary, spread] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const [fx, fy] = [(from[i] as Point)[0] - fromX, (from[i] as Point)[1] - fromY];
    const [tx, ty] = [(to[i] as Point)[0] - toX, (to[i] as Point)[1] - toY];
    real += fx * tx + fy * ty;
    imaginary += fx * ty - fy * tx;
    spread += fx * fx + fy * fy;
  }
  if (spread === 0) throw new RangeError('a similarity needs two different points');
  const [cos, sin] = [real / spread, imaginary / spread];
  return {
    xx: cos,
    xy: -sin,
    x0: toX - cos * fromX + sin * fromY,
    yx: sin,
    yy: cos,
    y0: toY - sin * fromX - cos * fromY,
  };
}

export function distanceBetween([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(ax - bx, ay - by);
}

export function middleOf(...points: readonly Point[]): Point {
  const sum = points.reduce<Point>(([x, y], [px, py]) => [x + px, y + py], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}

/** Radians by which the line from `a` to `b` is turned clockwise against the picture's horizontal. */
export function angleOf([ax, ay]: Point, [bx, by]: Point): number {
  return Math.atan2(by - ay, bx - ax);
}

export function areaOf({ width, height }: Rect): number {
  return Math.max(0, width) * Math.max(0, height);
}

export function intersectionOf(a: Rect, b: Rect): Rect {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y),
  };
}

/** Whether two boxes are the same face: intersection over union, or one lies nearly whole inside the other. */
export interface OverlapLimits {
  readonly overUnion: number;
  readonly overSmaller: number;
}

export function overlaps(a: Rect, b: Rect, limits: OverlapLimits): boolean {
  const shared = areaOf(intersectionOf(a, b));
  const union = areaOf(a) + areaOf(b) - shared;
  return shared > limits.overUnion * union || shared > limits.overSmaller * Math.min(areaOf(a), areaOf(b));
}

/** Non-maximum suppression: of boxes that overlap, only the one that stands first stays. */
export function suppressOverlaps<Box extends { readonly rect: Rect }>(
  bestFirst: readonly Box[],
  limits: OverlapLimits,
): Box[] {
  const kept: Box[] = [];
  for (const box of bestFirst) {
    if (!kept.some(({ rect }) => overlaps(rect, box.rect, limits))) kept.push(box);
  }
  return kept;
}
