/**
 * The time of change, in Unix seconds, of an empty folder that stands in for a protected name while a confined command runs. Who
 * looks for a `.git` meets it, and must take it for nothing.
 */
export const PLACEHOLDER_TIME = 1_000_000_001;
