/** A repeatable picture of soft waves and some noise, RGB 0..255, [side, side, 3], whole numbers. */
export function goldenPicture(seed: number, side: number): Float32Array {
  let state = seed >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const waves = Array.from({ length: 9 }, () => ({
    x: Math.round(random() * 12) / side,
    y: Math.round(random() * 12) / side,
    phase: random(),
  }));
  // Triangle waves: exact in every engine, unlike a sine.
  const triangle = (t: number): number => Math.abs((((t % 1) + 1) % 1) * 2 - 1);
  const picture = new Float32Array(side * side * 3);
  for (let i = 0; i < picture.length; i++) {
    const channel = i % 3;
    const x = Math.floor(i / 3) % side;
    const y = Math.floor(i / 3 / side);
    let sum = 0;
    for (let k = channel; k < waves.length; k += 3) {
      const wave = waves[k];
      if (wave) sum += triangle(wave.x * x + wave.y * y + wave.phase);
    }
    picture[i] = Math.round((sum / 3) * 230 + random() * 25);
  }
  return picture;
}
