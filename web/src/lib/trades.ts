// The trades people pick from by picture. Codes are the scheme's; a test looks each of them up.
import type { TextKey } from './texts.svelte';

export interface TradeCard {
  code: string;
  icon: string;
  name: TextKey;
  /** What happened to somebody of this trade. */
  story: TextKey;
  person: string;
}

export const TRADES: readonly TradeCard[] = [
  { code: 'rice-farmer', icon: 't-farmer', name: 'trade.farmer', story: 'story.farmer', person: 'Karto' },
  { code: 'fisher', icon: 't-fisher', name: 'trade.fisher', story: 'story.fisher', person: 'Yusuf' },
  { code: 'market-trader', icon: 't-trader', name: 'trade.trader', story: 'story.trader', person: 'Ratna' },
  { code: 'motorcycle-taxi-online', icon: 't-driver', name: 'trade.driver', story: 'story.driver', person: 'Budi' },
  { code: 'tailor', icon: 't-tailor', name: 'trade.tailor', story: 'story.tailor', person: 'Siti' },
  { code: 'food-seller', icon: 't-cook', name: 'trade.cook', story: 'story.cook', person: 'Warsini' },
  { code: 'builder', icon: 't-builder', name: 'trade.builder', story: 'story.builder', person: 'Slamet' },
  { code: 'domestic-worker', icon: 't-home', name: 'trade.domestic', story: 'story.domestic', person: 'Tini' },
  { code: 'other', icon: 't-other', name: 'trade.other', story: 'story.other', person: 'Agus' },
];

export function tradeOf(code: string | null): TradeCard | undefined {
  return TRADES.find((trade) => trade.code === code);
}
