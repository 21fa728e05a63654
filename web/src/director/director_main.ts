// The directors' face: figures of cover and money, live, of all that the role of who asks may see.
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/controls.css';
import '../styles/tones.css';
import { mount } from 'svelte';
import { findDraft, dropDraft } from '../lib/drafts';
import { firstLanguage, speak, speakAlso } from '../lib/texts.svelte';
import { WANTED, WORDS } from './director_words';
import DirectorApp from './director_app.svelte';

const wanted = firstLanguage(location.search);
// Whoever had to log in first comes back to the figures she wanted.
const before = findDraft(WANTED).hash ?? '';
dropDraft(WANTED);
if (location.search !== '' || (location.hash === '' && before !== '')) {
  history.replaceState(null, '', `/figures/${location.hash || before}`);
}
await speakAlso(WORDS);
if (!(await speak(wanted))) {
  await speak('id');
}
mount(DirectorApp, { target: document.getElementById('app') as HTMLElement });
