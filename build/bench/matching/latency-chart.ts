/** Least distance of two lines of text. */
const labelHeight = 13;

/** Places for labels that want to stand at `wanted`: in the same order, none over another. */
function apart(wanted: readonly number[]): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] as number) - (wanted[b] as number));
  const places = [...wanted];
  let free = Number.NEGATIVE_INFINITY;
  for (const i of order) {
    places[i] = Math.max(wanted[i] as number, free);
    free = (places[i] as number) + labelHeight;
  }
  return places;
}

/** A small log-log chart as SVG: milliseconds against gallery size, one line per engine, `first` drawn bold. */
export function drawLatencyChart(
  title: string,
  lines: ReadonlyMap<string, readonly { n: number; ms: number }[]>,
  first: string,
): string {
  const [width, height, left, bottom, top, right] = [640, 400, 60, 50, 40, 150];
  const points = [...lines.values()].flat();
  const decade = (x: number, round: (x: number) => number): number => round(Math.log10(x));
  const [x0, x1] = [
    decade(Math.min(...points.map((p) => p.n)), Math.floor),
    decade(Math.max(...points.map((p) => p.n)), Math.ceil),
  ];
  const [y0, y1] = [
    decade(Math.min(...points.map((p) => p.ms)), Math.floor),
    decade(Math.max(...points.map((p) => p.ms)), Math.ceil),
  ];
  const x = (n: number): number => left + ((Math.log10(n) - x0) / Math.max(1, x1 - x0)) * (width - left - right);
  const y = (ms: number): number =>
    height - bottom - ((Math.log10(ms) - y0) / Math.max(1, y1 - y0)) * (height - bottom - top);
  const colours = ['#0b6e4f', '#c1440e', '#3b5ba5', '#7a4a9e', '#8a6d00', '#444444', '#b03a7a'];
  const grid: string[] = [];
  for (let e = x0; e <= x1; e++) {
    grid.push(`<path d="M${x(10 ** e)} ${top}V${height - bottom}" stroke="#ddd"/>`);
    grid.push(
      `<text x="${x(10 ** e)}" y="${height - bottom + 18}" text-anchor="middle">${(10 ** e).toLocaleString('en')}</text>`,
    );
  }
  for (let e = y0; e <= y1; e++) {
    grid.push(`<path d="M${left} ${y(10 ** e)}H${width - right}" stroke="#ddd"/>`);
    grid.push(`<text x="${left - 6}" y="${y(10 ** e) + 4}" text-anchor="end">${10 ** e} ms</text>`);
  }
  const labelPlaces = apart([...lines.values()].map((line) => y(line.at(-1)?.ms ?? 1) + 4));
  const drawn = [...lines].map(([name, line], i) => {
    const colour = colours[i % colours.length];
    const path = line.map((p, n) => `${n ? 'L' : 'M'}${x(p.n).toFixed(1)} ${y(p.ms).toFixed(1)}`).join('');
    const weight = name === first ? 'font-weight="bold" ' : '';
    const place = labelPlaces[i] ?? 0;
    const label = `<text x="${width - right + 8}" y="${place.toFixed(1)}" ${weight}fill="${colour}">${name}</text>`;
    return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${name === first ? 4 : 2}"/>${label}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/><text x="${left}" y="22" font-size="15">${title}</text>`,
    ...grid,
    ...drawn,
    `<text x="${(left + width - right) / 2}" y="${height - 10}" text-anchor="middle">rows</text></svg>`,
    '',
  ].join('\n');
}
