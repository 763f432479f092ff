export const outer = [];
