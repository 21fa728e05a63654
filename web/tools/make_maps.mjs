// The maps of data/maps as what a page loads: the provinces of the nation, and the regencies of each
// province in a file of its own. Writes build/web/maps/, one JSON a map:
// {"width","height","regions":[{"code","d","x","y","room"}]}: outline, where a mark may stand, and how
// wide it may be there. usage: node tools/make_maps.mjs
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { feature } from 'topojson-client';

const root = fileURLToPath(new URL('../..', import.meta.url));
const target = path.join(root, 'build/web/maps');
const SIDE = { nation: 2000, province: 1000 };

function readFeatures(name) {
  const topology = JSON.parse(readFileSync(path.join(root, `data/maps/${name}.topo.json`), 'utf8'));
  return feature(topology, topology.objects[name]).features.filter((one) => one.geometry);
}

/** Outer and inner rings alike: they are filled by the even-odd rule. */
function ringsOf({ type, coordinates }) {
  return type === 'Polygon' ? coordinates : coordinates.flat();
}

/** Near the equator a degree is as wide as it is high: no projection is needed. */
function frameOf(features, side) {
  const points = features.flatMap(({ geometry }) => ringsOf(geometry).flat());
  const [west, east, south, north] = points.reduce(
    ([w, e, s, n], [x, y]) => [Math.min(w, x), Math.max(e, x), Math.min(s, y), Math.max(n, y)],
    [Infinity, -Infinity, Infinity, -Infinity],
  );
  const margin = side / 100;
  const scale = (side - 2 * margin) / Math.max(east - west, north - south);
  return {
    width: Math.round((east - west) * scale + 2 * margin),
    height: Math.round((north - south) * scale + 2 * margin),
    place: ([x, y]) => [Math.round((x - west) * scale + margin), Math.round((north - y) * scale + margin)],
  };
}

/** Whole units, each point relative to the one before, none twice. */
function pathOf(ring, place) {
  let [atX, atY] = place(ring[0]);
  let text = `M${atX} ${atY}`;
  let lines = '';
  for (const point of ring.slice(1, -1)) {
    const [x, y] = place(point);
    if (x !== atX || y !== atY) {
      lines += `${lines === '' || x - atX < 0 ? '' : ' '}${x - atX}${y - atY < 0 ? '' : ' '}${y - atY}`;
      [atX, atY] = [x, y];
    }
  }
  return lines === '' ? `${text}h1v1h-1z` : `${text}l${lines}z`;
}

function areaOf(ring) {
  return Math.abs(ring.reduce((sum, [x, y], at) => {
    const [nextX, nextY] = ring[(at + 1) % ring.length];
    return sum + x * nextY - nextX * y;
  }, 0)) / 2;
}

/** Where a horizontal line in the largest ring is longest inside it: a mark there stands on land. */
function markOf(rings) {
  const ring = rings.reduce((best, one) => (areaOf(one) > areaOf(best) ? one : best));
  const heights = ring.map(([, y]) => y);
  const [top, bottom] = [Math.min(...heights), Math.max(...heights)];
  let best = { x: ring[0][0], y: ring[0][1], room: 0 };
  for (let step = 3; step <= 7; ++step) {
    const y = top + ((bottom - top) * step) / 10 + 0.5;
    const crossings = ring
      .map((from, at) => [from, ring[(at + 1) % ring.length]])
      .filter(([from, to]) => from[1] > y !== to[1] > y)
      .map(([from, to]) => from[0] + ((y - from[1]) / (to[1] - from[1])) * (to[0] - from[0]))
      .sort((a, b) => a - b);
    for (let at = 0; at + 1 < crossings.length; at += 2) {
      const room = crossings[at + 1] - crossings[at];
      if (room > best.room) {
        best = { x: (crossings[at] + crossings[at + 1]) / 2, y, room: Math.min(room, bottom - top) };
      }
    }
  }
  return { x: Math.round(best.x), y: Math.round(best.y), room: Math.round(best.room) };
}

function write(name, features, side) {
  const { width, height, place } = frameOf(features, side);
  const regions = features.map(({ geometry, properties }) => {
    const rings = ringsOf(geometry);
    const d = rings.map((ring) => pathOf(ring, place)).join('');
    return { code: properties.code.replace('.', ''), d, ...markOf(rings.map((ring) => ring.map(place))) };
  });
  regions.sort((a, b) => Number(a.code) - Number(b.code));
  writeFileSync(path.join(target, `${name}.json`), JSON.stringify({ width, height, regions }));
}

function writeNames() {
  const [, ...lines] = readFileSync(path.join(root, 'data/regions/provinces.csv'), 'utf8').trim().split(/\r?\n/);
  const names = Object.fromEntries(lines.map((line) => {
    const [code, , name] = line.split(',');
    return [code, name.replaceAll('"', '')];
  }));
  writeFileSync(path.join(root, 'build/web/province_names.json'), JSON.stringify(names));
}

mkdirSync(target, { recursive: true });
const regencies = readFeatures('regencies');
write('nation', readFeatures('provinces'), SIDE.nation);
for (const province of new Set(regencies.map(({ properties }) => properties.code.slice(0, 2)))) {
  write(province, regencies.filter(({ properties }) => properties.code.startsWith(province)), SIDE.province);
}
writeNames();
