// The living page of the design system: every component with its states.
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/controls.css';
import '../styles/tones.css';
import { mount } from 'svelte';
import { firstLanguage, speak } from '../lib/texts.svelte';
import DesignPage from './design_page.svelte';

await speak(firstLanguage(location.search));
mount(DesignPage, { target: document.getElementById('app') as HTMLElement });
