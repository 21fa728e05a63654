// Reading aloud: a recorded clip where there is one, else the phone's own voice. Recordings go into
// src/voice/LANGUAGE/CLIP.opus; none are there yet.
import type { Language } from './texts.svelte';

const clips = import.meta.glob('../voice/*/*.opus', { query: '?url', import: 'default' });

// Few phones have a voice for these; the Indonesian one reads their words well enough to follow.
const VOICES: Record<Language, readonly string[]> = {
  id: ['id'],
  en: ['en'],
  jv: ['jv', 'id'],
  su: ['su', 'id'],
  mad: ['mad', 'id'],
};

export type Spoken = 'spoken' | 'no-voice';

let playing: HTMLAudioElement | undefined;

export function hush(): void {
  playing?.pause();
  playing = undefined;
  globalThis.speechSynthesis?.cancel();
}

async function playClip(language: Language, clip: string, onEnd: () => void): Promise<boolean> {
  const load = clips[`../voice/${language}/${clip}.opus`];
  if (load === undefined) {
    return false;
  }
  playing = new Audio((await load()) as string);
  playing.onended = onEnd;
  await playing.play();
  return true;
}

export async function say(language: Language, clip: string, words: string, onEnd: () => void): Promise<Spoken> {
  hush();
  if (await playClip(language, clip, onEnd).catch(() => false)) {
    return 'spoken';
  }
  const engine = globalThis.speechSynthesis;
  const voice = VOICES[language]
    .map((tag) => engine?.getVoices().find((one) => one.lang.toLowerCase().startsWith(tag)))
    .find((one) => one !== undefined);
  if (voice === undefined) {
    return 'no-voice';
  }
  const utterance = new SpeechSynthesisUtterance(words);
  utterance.voice = voice;
  utterance.lang = voice.lang;
  utterance.rate = 0.92;
  utterance.onend = onEnd;
  utterance.onerror = onEnd;
  engine.speak(utterance);
  return 'spoken';
}
