// What anybody tells of another, without a login: an accident or a death.
import type { Schemas } from './api';
import type { DayText } from './figures';
import type { Answers, Problem } from './report';
import { t } from './texts.svelte';
import { dayOf } from './typed_day';

export type Reporter = Schemas['ClaimReporter'];
export type Page = 'kejadian' | 'siapa' | 'pelapor';

export const PAGES: readonly Page[] = ['kejadian', 'siapa', 'pelapor'];
export const EVENTS = ['accident', 'death'] as const;
export const REPORTERS: readonly Reporter[] = [
  'spouse', 'child', 'parent', 'grandparent', 'grandchild', 'sibling', 'parent_in_law', 'named_in_will', 'employer', 'hospital', 'neighbour', 'other',
];
const NIK_DIGITS = 16;
const MEMBER_DIGITS = 11;
const PHONE_DIGITS = 9;

const digitsOf = (text: string | undefined) => (text ?? '').replace(/\D/g, '');
/** Signs that are no text come with what is pasted. */
const textOf = (text: string | undefined) => (text ?? '').replace(/[\u0000-\u0009\u000b-\u001f]+/g, ' ').trim();

/** On which page a field is, by the id of its input. */
const PAGE_OF: Record<string, Page> = {
  kind: 'kejadian', 'on-day': 'kejadian', name: 'siapa', number: 'siapa', place: 'siapa', story: 'siapa', you: 'pelapor', phone: 'pelapor', relation: 'pelapor',
};

export function pageOf({ field }: Problem): Page {
  return PAGE_OF[field] ?? 'pelapor';
}

export function noticeProblems(page: Page, answers: Answers, today: DayText): Problem[] {
  const need = (isThere: boolean, field: string, words: string): Problem[] => (isThere ? [] : [{ field, words }]);
  switch (page) {
    case 'kejadian': {
      const day = dayOf(answers, 'on');
      return [
        ...need(EVENTS.some((one) => one === answers.kind), 'kind', t('tell.wrong_choice')),
        ...need(day !== undefined && day <= today, 'on-day', t(day === undefined ? 'tell.wrong_day' : 'tell.wrong_future')),
      ];
    }
    case 'siapa':
      return [
        ...need(textOf(answers.name) !== '', 'name', t('notice.wrong_name')),
        ...need((answers.number ?? '').trim() === '' || [NIK_DIGITS, MEMBER_DIGITS].includes(digitsOf(answers.number).length), 'number', t('in.number_wrong')),
      ];
    case 'pelapor':
      return [
        ...need(textOf(answers.you) !== '', 'you', t('notice.wrong_name')),
        ...need(digitsOf(answers.phone).length >= PHONE_DIGITS, 'phone', t('in.phone_wrong')),
        ...need(REPORTERS.some((one) => one === answers.relation), 'relation', t('tell.wrong_choice')),
      ];
  }
}

/** What the server is told; what was left empty is not sent. */
export function noticeBody(answers: Answers): Schemas['ClaimNoticeReport'] {
  const number = digitsOf(answers.number);
  const place = textOf(answers.place);
  const told = textOf(answers.story);
  return {
    kind: answers.kind === 'accident' ? 'accident' : 'death',
    on: dayOf(answers, 'on') ?? '',
    member: {
      name: textOf(answers.name),
      ...(number.length === NIK_DIGITS ? { nik: number } : number.length === MEMBER_DIGITS ? { member_number: number } : {}),
    },
    ...(place === '' ? {} : { place }),
    ...(told === '' ? {} : { told }),
    reporter: { name: textOf(answers.you), phone: textOf(answers.phone), relation: answers.relation as Reporter },
  };
}

const FIELDS: Record<string, string> = { on: 'on-day', nik: 'number', member_number: 'number', told: 'story' };

/** What the server refused, by the inputs of the page; nothing when it is of no field. */
export function refusedFields({ rule, words, fields }: { rule: string; words: string; fields: readonly Problem[] }): Problem[] {
  if (rule.startsWith('claim.event_')) {
    return [{ field: 'on-day', words }];
  }
  const known = fields.map((one) => ({ field: FIELDS[one.field] ?? one.field, words: one.words })).filter(({ field }) => field in PAGE_OF);
  return known.filter((one, at) => known.findIndex((other) => other.field === one.field) === at);
}
