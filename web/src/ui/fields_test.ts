import { describe, expect, it, vi } from 'vitest';
import { press, show, type, violations } from '../../tests/mounted';
import CheckField from './check_field.svelte';
import ChoiceCards from './choice_cards.svelte';
import CountField from './count_field.svelte';
import DateField from './date_field.svelte';
import LongTextField from './long_text_field.svelte';
import MoneyField from './money_field.svelte';
import NikField from './nik_field.svelte';
import SegmentChoice from './segment_choice.svelte';
import SelectField from './select_field.svelte';
import SliderField from './slider_field.svelte';
import TextField from './text_field.svelte';

describe('text_field', () => {
  it('ties label, hint and problem to the input', async () => {
    const page = show(TextField, { label: 'Nama', value: '', id: 'nama', hint: 'Seperti di KTP', problem: 'Isi nama.' });
    const input = page.find<HTMLInputElement>('input');
    expect(page.find<HTMLLabelElement>('label').htmlFor).toBe('nama');
    expect(input.getAttribute('aria-describedby')).toBe('nama-hint nama-problem');
    expect(input.getAttribute('aria-invalid')).toBe('true');
    expect(await violations(page.root)).toEqual([]);
  });

  it('shows what is typed as text, never as markup', () => {
    const page = show(TextField, { label: '<img src=x onerror=alert(1)>', value: '<b>x</b>', problem: '<script>1</script>' });
    expect(page.root.querySelector('img, b, script')).toBeNull();
  });
});

describe('long_text_field', () => {
  it('ties label, hint and problem to the field, and takes no more than may be sent', async () => {
    const page = show(LongTextField, { label: 'Cerita', value: '<b>x</b>', id: 'cerita', hint: 'Singkat', problem: 'Isi.', most: 20 });
    const field = page.find<HTMLTextAreaElement>('textarea');
    expect([field.value, field.maxLength, field.getAttribute('aria-describedby')]).toEqual(['<b>x</b>', 20, 'cerita-hint cerita-problem']);
    expect(await violations(page.root)).toEqual([]);
  });
});

describe('select_field and choice_cards', () => {
  it('say what is wrong where one is sent to', async () => {
    const page = show(SelectField, { label: 'Bank', value: '', id: 'bank', problem: 'Pilih bank.', options: [{ value: '', label: 'Pilih' }] });
    expect([page.find('select').id, page.find('select').getAttribute('aria-describedby')]).toEqual(['bank', 'bank-problem']);
    expect(await violations(page.root)).toEqual([]);
    const cards = show(ChoiceCards, { legend: 'Apa?', hideLegend: true, id: 'kind', value: '', problem: 'Pilih.', choices: [{ value: 'a', title: 'A' }, { value: 'b', title: 'B' }] });
    expect([...cards.root.querySelectorAll('input')].map((one) => one.id)).toEqual(['kind', '']);
    expect(await violations(cards.root)).toEqual([]);
  });
});

describe('nik_field', () => {
  const field = (more = {}) => show(NikField, { label: 'NIK', value: '', ...more });

  it('groups digits in fours, takes only sixteen and counts them', async () => {
    const page = field();
    const input = page.find<HTMLInputElement>('input');
    type(input, '33720x157-0885');
    expect(input.value).toBe('3372 0157 0885');
    expect(page.text()).toContain('12 dari 16 angka');
    type(input, '33720157088500001234');
    expect(input.value).toBe('3372 0157 0885 0000');
    expect(await violations(page.root)).toEqual([]);
  });

  it('asks the rules as soon as sixteen digits are there', () => {
    const check = vi.fn(() => 'keliru');
    const page = field({ check });
    type(page.find<HTMLInputElement>('input'), '337201570885000');
    expect(check).not.toHaveBeenCalled();
    type(page.find<HTMLInputElement>('input'), '3372015708850000');
    expect(check).toHaveBeenCalledWith('3372015708850000');
    expect(page.find('.problem').textContent).toContain('keliru');
  });

  it('leaves the caret behind the digit that was typed', () => {
    const page = field({ value: '337201570' });
    const input = page.find<HTMLInputElement>('input');
    input.value = '3372 90157 0';
    input.setSelectionRange(6, 6);
    input.dispatchEvent(new Event('input', { bubbles: true }));
    expect(input.value).toBe('3372 9015 70');
    expect(input.selectionStart).toBe(6);
  });
});

describe('money_field', () => {
  it('keeps whole rupiah and reads them back', async () => {
    const page = show(MoneyField, { label: 'Penghasilan', value: undefined });
    const input = page.find<HTMLInputElement>('input');
    type(input, 'Rp 1.500.000,-');
    expect(input.value).toBe('1500000');
    expect(page.text()).toContain('1.500.000');
    type(input, 'abc');
    expect(input.value).toBe('');
    expect(await violations(page.root)).toEqual([]);
  });
});

describe('date_field', () => {
  it('is one group with three labelled fields', async () => {
    const labels = { day: 'Tanggal', month: 'Bulan', year: 'Tahun' };
    const page = show(DateField, { legend: 'Lahir', labels, day: '1', month: '2', year: '1985', problem: 'Salah.' });
    expect(page.root.querySelectorAll('input[aria-invalid=true]')).toHaveLength(3);
    expect(await violations(page.root)).toEqual([]);
  });
});

describe('choices', () => {
  it('choice_cards picks one', async () => {
    const choices = [{ value: 'a', title: 'Petani' }, { value: 'b', title: 'Nelayan', text: 'di laut', icon: 't-fisher' }];
    const page = show(ChoiceCards, { legend: 'Pekerjaan', choices, value: 'a' });
    press(page.find('input[value=b]'));
    expect(page.find('.picked').textContent).toContain('Nelayan');
    expect(await violations(page.root)).toEqual([]);
  });

  it('check_field ties its problem to the box', async () => {
    const page = show(CheckField, { label: 'Setuju', checked: false, problem: 'Centang.', hint: 'Boleh nanti' });
    expect(page.find('input').getAttribute('aria-describedby')?.split(' ')).toHaveLength(2);
    expect(await violations(page.root)).toEqual([]);
  });

  it('select_field tells what was chosen', async () => {
    const onchange = vi.fn();
    const options = [{ value: 'a', label: 'A' }, { value: 'b', label: 'B' }];
    const page = show(SelectField, { label: 'Pekerjaan', value: 'a', options, onchange });
    const select = page.find<HTMLSelectElement>('select');
    select.value = 'b';
    select.dispatchEvent(new Event('change', { bubbles: true }));
    expect(onchange).toHaveBeenCalledWith('b');
    expect(await violations(page.root)).toEqual([]);
  });

  it('segment_choice tells what was chosen', async () => {
    const onchange = vi.fn();
    const options = [{ value: 'a', label: 'A' }, { value: 'b', label: 'B' }];
    const page = show(SegmentChoice, { legend: 'Paket', value: 'a', options, onchange });
    press(page.find('input[value=b]'));
    expect(onchange).toHaveBeenCalledWith('b');
    expect(await violations(page.root)).toEqual([]);
  });
});

describe('amounts', () => {
  it('slider_field says its words and stops at its ends', async () => {
    const onchange = vi.fn();
    const page = show(SliderField, { label: 'Tahun', value: 2, min: 1, max: 3, words: '2 tahun', less: 'Kurangi', more: 'Tambah', onchange });
    expect(page.find('input').getAttribute('aria-valuetext')).toBe('2 tahun');
    const [less, more] = page.root.querySelectorAll('button');
    press(more as HTMLElement);
    expect(onchange).toHaveBeenLastCalledWith(3);
    expect((more as HTMLButtonElement).disabled).toBe(true);
    press(less as HTMLElement);
    expect(onchange).toHaveBeenLastCalledWith(2);
    expect(await violations(page.root)).toEqual([]);
  });

  it('count_field counts and offers', async () => {
    const onchange = vi.fn();
    const page = show(CountField, { label: 'Bulan', value: 1, offers: [1, 6], max: 6, words: (n: number) => `${n} bulan`, less: 'Kurangi', more: 'Tambah', onchange });
    press(page.find('.offers button:last-child'));
    expect(onchange).toHaveBeenLastCalledWith(6);
    expect(page.find('output').textContent).toBe('6 bulan');
    expect(await violations(page.root)).toEqual([]);
  });
});
