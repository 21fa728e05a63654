// Where we are, from the part of the address after '#': links are real links, the back button
// works, a reload comes back to the same place with the same choices.

export interface Place {
  page: string;
  choices: URLSearchParams;
}

export function parsePlace(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  return { page: path, choices: new URLSearchParams(query) };
}

/** "#/manfaat?kerja=fisher"; what is empty is left out. */
export function link(page: string, choices: Record<string, string | number | undefined> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(choices)) {
    if (value !== undefined && value !== '') {
      query.set(name, String(value));
    }
  }
  const text = query.toString();
  return `#/${page}${text === '' ? '' : `?${text}`}`;
}

let current = $state.raw<Place>(parsePlace(location.hash));

export function place(): Place {
  return current;
}

/** Keeps a choice in the address without a new step for the back button: for sliders. */
export function keep(page: string, choices: Record<string, string | number | undefined>): void {
  const hash = link(page, choices);
  history.replaceState(history.state, '', hash);
  current = parsePlace(hash);
}

/** Listens to the address; `onMove` runs after a move to another page. Returns how to stop. */
export function startRouter(onMove: () => void): () => void {
  const look = () => {
    const before = current.page;
    current = parsePlace(location.hash);
    if (before !== current.page) {
      onMove();
    }
  };
  current = parsePlace(location.hash);
  addEventListener('hashchange', look);
  return () => removeEventListener('hashchange', look);
}
