// A map as the build makes it, and the way from one region to the next with the arrow keys.

export interface MapRegion {
  code: string;
  /** The outline, for a path that is filled by the even-odd rule. */
  d: string;
  /** Where a mark stands, and how wide it may be there. */
  x: number;
  y: number;
  room: number;
}

export interface MapShape {
  width: number;
  height: number;
  regions: MapRegion[];
}

const files = import.meta.glob<MapShape>('../../../build/web/maps/*.json', { import: 'default' });

export function hasMap(name: string): boolean {
  return `../../../build/web/maps/${name}.json` in files;
}

/** "nation", or the code of a province. Fails when it cannot be fetched. */
export async function fetchMap(name: string): Promise<MapShape> {
  const load = files[`../../../build/web/maps/${name}.json`];
  if (load === undefined) {
    throw new Error(`no map ${name}`);
  }
  return load();
}

const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Where a key leads from a region: the nearest that lies more that way than aside. */
export function regionTowards(regions: readonly MapRegion[], from: number, key: string): number {
  if (key === 'Home' || key === 'End') {
    return key === 'Home' ? 0 : regions.length - 1;
  }
  const way = ARROWS[key];
  const start = regions[from];
  if (way === undefined || start === undefined) {
    return from;
  }
  let best = from;
  let least = Infinity;
  regions.forEach((region, index) => {
    const [x, y] = [region.x - start.x, region.y - start.y];
    const [along, aside] = way[0] !== 0 ? [x * way[0], Math.abs(y)] : [y * way[1], Math.abs(x)];
    const far = along + 2 * aside;
    if (index !== from && along > 0 && aside <= 2 * along && far < least) {
      [best, least] = [index, far];
    }
  });
  return best;
}
