// Questions to the server about the person who is logged in. The types are made from the server's
// own description (api/): a route, a field or a parameter that is not there does not compile.
// Who asks is known by a cookie that no script can read.
import type { components, paths } from '../../../build/web/api_types';
import { language } from './texts.svelte';

export type Schemas = components['schemas'];

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Route<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never;
}[keyof paths];
type JsonIn<R> = R extends { content: { 'application/json': infer T } } ? T : undefined;
type Good = 200 | 201 | 202 | 204;
type Answer<O> = O extends { responses: infer R } ? { [S in keyof R & Good]: JsonIn<R[S]> }[keyof R & Good] : never;
type Body<O> = O extends { requestBody?: { content: { 'application/json': infer T } } } ? T : undefined;

export interface Ask<B> {
  /** What stands in the {places} of the route. */
  at?: Record<string, string | number>;
  query?: Record<string, string | number>;
  body?: B;
  /** Sent as it is, instead of a body. */
  file?: Blob;
  /** The version that is to be changed, as it was read. */
  match?: string;
  /** Of what is added: the same for each try of the same thing, else a new one. */
  key?: string;
}

/** Words of the server, in the language of the page; `field` is the name of the body's field. */
export interface FieldWords {
  field: string;
  words: string;
}

export type Outcome<T> =
  | { kind: 'done'; value: T; version: string }
  /** Nobody is logged in any more. */
  | { kind: 'login' }
  | { kind: 'refused'; status: number; rule: string; words: string; fields: FieldWords[] }
  | { kind: 'wait'; seconds: number; words: string }
  /** No connection, or no answer one could use. */
  | { kind: 'offline' };

export type Failure = Exclude<Outcome<never>, { kind: 'done' }>;

const PATIENCE_MS = 20_000;
const LOGGED_OUT = ['login.required', 'login.token_unknown'];

export async function ask<M extends Method, P extends Route<M>>(
  method: M,
  route: P,
  { at = {}, query = {}, body, file, match, key }: Ask<Body<paths[P][M]>> = {},
): Promise<Outcome<Answer<paths[P][M]>>> {
  const path = route.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(at[name] ?? '')));
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString();
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': language() };
  if (file !== undefined) {
    headers['Content-Type'] = 'application/octet-stream';
  } else if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  if (method === 'post') {
    headers['Idempotency-Key'] = key ?? newKey();
  }
  if (match !== undefined) {
    headers['If-Match'] = match;
  }
  const patience = new AbortController();
  const over = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(search === '' ? path : `${path}?${search}`, {
      method: method.toUpperCase(),
      credentials: 'same-origin',
      cache: 'no-store',
      headers,
      body: file ?? (body === undefined ? undefined : JSON.stringify(body)),
      signal: patience.signal,
    });
    return await outcomeOf<Answer<paths[P][M]>>(answer);
  } catch {
    return { kind: 'offline' };
  } finally {
    clearTimeout(over);
  }
}

/** By it the server knows a request that comes twice. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

interface Problem {
  rule?: string;
  detail?: string;
  errors?: { pointer: string; detail: string }[];
}

export async function outcomeOf<T>(answer: Response): Promise<Outcome<T>> {
  if (answer.ok) {
    const value = (answer.status === 204 ? undefined : await answer.json()) as T;
    return { kind: 'done', value, version: answer.headers.get('ETag') ?? '' };
  }
  if (answer.status >= 500) {
    return { kind: 'offline' };
  }
  const { rule = '', detail = '', errors = [] } = (await answer.json()) as Problem;
  if (LOGGED_OUT.includes(rule)) {
    return { kind: 'login' };
  }
  if (answer.status === 429) {
    return { kind: 'wait', seconds: Number(answer.headers.get('Retry-After') ?? '60'), words: detail };
  }
  const fields = errors.map(({ pointer, detail: words }) => ({ field: pointer.slice(pointer.lastIndexOf('/') + 1), words }));
  return { kind: 'refused', status: answer.status, rule, words: detail, fields };
}
