import { tick, flushSync } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { press, show, violations, words } from '../../tests/mounted';
import ActionButton from './action_button.svelte';
import ActionLink from './action_link.svelte';
import BigFigure from './big_figure.svelte';
import CardPanel from './card_panel.svelte';
import DialogSheet from './dialog_sheet.svelte';
import ErrorSummary from './error_summary.svelte';
import Icon from './icon.svelte';
import LanguageSwitch from './language_switch.svelte';
import MarkChip from './mark_chip.svelte';
import Notice from './notice.svelte';
import PictureLink from './picture_link.svelte';
import ProgressSteps from './progress_steps.svelte';
import StepHeader from './step_header.svelte';
import VoiceButton from './voice_button.svelte';

describe('action_button', () => {
  it('acts once it is tapped, and not while it is busy', async () => {
    const onclick = vi.fn();
    const page = show(ActionButton, { children: words('Kirim'), onclick });
    press(page.find('button'));
    expect(onclick).toHaveBeenCalledTimes(1);
    expect(await violations(page.root)).toEqual([]);
    const busy = show(ActionButton, { children: words('Kirim'), busy: true, onclick });
    press(busy.find('button'));
    expect(onclick).toHaveBeenCalledTimes(1);
    expect(busy.find('button').getAttribute('aria-busy')).toBe('true');
    expect(await violations(busy.root)).toEqual([]);
  });
});

describe('links', () => {
  it('action_link and picture_link are real links with words', async () => {
    const link = show(ActionLink, { children: words('Lihat'), href: '#/iuran', icon: 'i-coins' });
    expect(link.find<HTMLAnchorElement>('a').getAttribute('href')).toBe('#/iuran');
    expect(await violations(link.root)).toEqual([]);
    const picture = show(PictureLink, { href: '#/x', icon: 't-farmer', title: 'Petani', text: 'Padi', current: true });
    expect(picture.find('a').getAttribute('aria-current')).toBe('true');
    expect(picture.text()).toBe('Petani Padi'.replace(' ', ''));
    expect(await violations(picture.root)).toEqual([]);
  });

  it('an icon says nothing of its own', () => {
    expect(show(Icon, { name: 'i-home' }).find('svg').getAttribute('aria-hidden')).toBe('true');
  });
});

describe('frames', () => {
  it('card_panel has a heading', async () => {
    const page = show(CardPanel, { children: words('Isi'), title: 'Program', tone: 'jkk' as const });
    expect(page.find('h2').textContent).toBe('Program');
    expect(await violations(page.root)).toEqual([]);
  });

  it('notice is told to screen readers', async () => {
    for (const tone of ['info', 'good', 'warn', 'bad'] as const) {
      const page = show(Notice, { children: words('Kabar'), tone });
      expect(page.find('[role=status]').textContent).toContain('Kabar');
      expect(await violations(page.root)).toEqual([]);
    }
  });

  it('step_header leads back and counts the steps', async () => {
    const page = show(StepHeader, { title: 'Apa pekerjaan Anda?', back: '#/', step: 1, steps: 3, lead: 'Pilih' });
    expect(page.text()).toContain('1 dari 3');
    expect(page.find('a').getAttribute('href')).toBe('#/');
    expect(await violations(page.root)).toEqual([]);
    expect(show(ProgressSteps, { step: 2, steps: 3 }).text()).toBe('2 dari 3');
  });

  it('big_figure marks what is not confirmed', async () => {
    const sure = show(BigFigure, { value: 'Rp 1', label: 'A', text: 'b', mark: 'S2+' as const, before: 'Rp 2' });
    expect(sure.text()).not.toContain('belum dipastikan');
    expect(await violations(sure.root)).toEqual([]);
    expect(show(BigFigure, { value: 'Rp 1', mark: 'M' as const }).text()).toContain('belum dipastikan');
    expect(show(MarkChip, {}).text()).toBe('belum dipastikan');
  });
});

describe('error_summary', () => {
  it('takes the focus and leads to the field', async () => {
    const page = show(ErrorSummary, { problems: [{ field: 'nik', words: 'Isi NIK.' }] });
    const input = document.createElement('input');
    input.id = 'nik';
    document.body.append(input);
    await tick();
    await tick();
    expect(document.activeElement).toBe(page.find('[role=alert]'));
    press(page.find('a'));
    expect(document.activeElement).toBe(input);
    expect(await violations(page.root)).toEqual([]);
  });

  it('is not there when nothing is wrong', () => {
    expect(show(ErrorSummary, { problems: [] }).text()).toBe('');
  });
});

describe('dialog_sheet', () => {
  it('opens and closes', async () => {
    const page = show(DialogSheet, { title: 'Bantuan', children: words('Petugas'), open: true });
    expect(page.find<HTMLDialogElement>('dialog').open).toBe(true);
    expect(await violations(page.root)).toEqual([]);
    press(page.find('button'));
    expect(page.find<HTMLDialogElement>('dialog').open).toBe(false);
  });
});

describe('language_switch', () => {
  it('speaks the chosen language, remembers it and tells the page', async () => {
    const page = show(LanguageSwitch, {});
    press(page.find('button[aria-haspopup]'));
    expect(await violations(page.root)).toEqual([]);
    press(page.find('button[lang=jv]'));
    await vi.waitFor(() => expect(document.documentElement.lang).toBe('jv'));
    expect(localStorage.getItem('jaring.language')).toBe('jv');
    flushSync();
    press(page.find('button[lang=id]'));
    await vi.waitFor(() => expect(document.documentElement.lang).toBe('id'));
  });
});

describe('voice_button', () => {
  it('says so when the phone has no voice', async () => {
    vi.stubGlobal('speechSynthesis', { getVoices: () => [], cancel: () => undefined });
    const page = show(VoiceButton, { clip: 'x', words: () => 'Halo' });
    press(page.find('button'));
    await vi.waitFor(() => expect(page.text()).toContain('belum punya suara'));
    expect(await violations(page.root)).toEqual([]);
  });

  it('reads with the phone’s voice and stops when asked', async () => {
    const spoken: string[] = [];
    const cancel = vi.fn();
    vi.stubGlobal('SpeechSynthesisUtterance', class { constructor(readonly text: string) {} });
    vi.stubGlobal('speechSynthesis', { getVoices: () => [{ lang: 'id-ID' }], cancel, speak: (one: { text: string }) => spoken.push(one.text) });
    const page = show(VoiceButton, { clip: 'x', words: () => 'Halo' });
    press(page.find('button'));
    await vi.waitFor(() => expect(page.text()).toBe('Berhenti'));
    expect(spoken).toEqual(['Halo']);
    press(page.find('button'));
    await vi.waitFor(() => expect(page.text()).toBe('Dengarkan'));
    vi.unstubAllGlobals();
  });
});
