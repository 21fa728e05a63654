// The worker's face: before any login. Everything here also works on a slow line and, but for
// "am I covered?", without one.
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/controls.css';
import '../styles/tones.css';
import { mount } from 'svelte';
import { firstLanguage, speak } from '../lib/texts.svelte';
import WorkerApp from './worker_app.svelte';

const wanted = firstLanguage(location.search);
if (location.search !== '') {
  // The language is remembered; the address is kept short enough to read out.
  history.replaceState(null, '', `/app/${location.hash}`);
}
if (!(await speak(wanted))) {
  await speak('id');
}
mount(WorkerApp, { target: document.getElementById('app') as HTMLElement });
