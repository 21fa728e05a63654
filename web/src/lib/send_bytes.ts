// Bytes to the server, telling how far they have come: only XMLHttpRequest says that.
import { outcomeOf, type Outcome } from './api';
import { language } from './texts.svelte';

const PATIENCE_MS = 180_000;

export function sendBytes<T>(path: string, bytes: Blob, key: string, onPart: (part: number) => void): Promise<Outcome<T>> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const cut = () => resolve({ kind: 'offline' });
    request.open('POST', path);
    request.timeout = PATIENCE_MS;
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Accept-Language', language());
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('Idempotency-Key', key);
    request.upload.onprogress = ({ loaded, total }) => onPart(total > 0 ? loaded / total : 0);
    request.onerror = request.ontimeout = request.onabort = cut;
    request.onload = () => {
      const again = request.getResponseHeader('Retry-After');
      const headers: Record<string, string> = again === null ? {} : { 'Retry-After': again };
      outcomeOf<T>(new Response(request.responseText, { status: request.status, headers })).then(resolve, cut);
    };
    request.send(bytes);
  });
}
