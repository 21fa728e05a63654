// Whether somebody has logged in with this browser, so that the app knows what to show before it
// asks the server. Not who, and no key: the session is a cookie that no script can read.

const PLACE = 'jaring.entered';

function look(): boolean {
  try {
    return localStorage.getItem(PLACE) === 'yes';
  } catch {
    return false;
  }
}

let entered = $state(look());

export function hasEntered(): boolean {
  return entered;
}

export function noteEntered(now: boolean): void {
  entered = now;
  try {
    now ? localStorage.setItem(PLACE, 'yes') : localStorage.removeItem(PLACE);
  } catch {
    // A browser that keeps nothing: she stays in until the page is loaded again.
  }
}
