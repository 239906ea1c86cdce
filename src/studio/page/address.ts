import type { SettingTexts } from '../settings.ts';

/** The settings that the address of the page holds, behind its "#". */
export const readAddress = (hash: string): SettingTexts =>
  Object.fromEntries(new URLSearchParams(hash.replace(/^#/, '')));

/** The part of the address that stands for settings. */
export function writeAddress(texts: SettingTexts): string {
  return `#${new URLSearchParams({ ...texts }).toString()}`;
}
