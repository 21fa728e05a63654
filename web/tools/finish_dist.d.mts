export function finishDist(root: string): void;
