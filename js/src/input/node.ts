/**
 * A module of Node's by its name without `node:`, where the name is not to be seen by bundlers, which would look for it.
 * Minifiers put in a constant, but not what a function is called with.
 */
export const nodeModule = <M>(name: string): Promise<M> => import(/* webpackIgnore: true */ /* @vite-ignore */ `node:${name}`) as Promise<M>;
