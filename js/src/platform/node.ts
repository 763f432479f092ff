/**
 * A module of Node's. Its name is a parameter, which no minifier puts into the import: a bundler that met it there would
 * look for the module.
 */
export const nodeModule = (name: string): Promise<unknown> => import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ name);
