// The claims desk: what waits for a decision, nearest legal deadline first, and the decisions.
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/controls.css';
import '../styles/tones.css';
import { mount } from 'svelte';
import { findDraft, dropDraft } from '../lib/drafts';
import { firstLanguage, speak, speakAlso, speakClaims } from '../lib/texts.svelte';
import { WANTED, WORDS } from './desk_words';
import DeskApp from './desk_app.svelte';

const wanted = firstLanguage(location.search);
// Whoever had to log in first comes back to the claim she wanted.
const before = findDraft(WANTED).hash ?? '';
dropDraft(WANTED);
if (location.search !== '' || (location.hash === '' && before !== '')) {
  history.replaceState(null, '', `/desk/${location.hash || before}`);
}
await Promise.all([speakAlso(WORDS), speakClaims()]);
if (!(await speak(wanted))) {
  await speak('id');
}
mount(DeskApp, { target: document.getElementById('app') as HTMLElement });
