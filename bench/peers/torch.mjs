// The pass of PyTorch, through a native process as native.mjs makes it.
import { mustAgree } from "../reference.mjs";

export function torchPass(native, problem, { alpha }, w, expected) {
  return {
    name: "PyTorch, one thread",
    async open() {
      const key = await native.load(problem.spec);
      const { handle, way, value, gradient } = await native.call("pass_open", { problem: key, w: Array.from(w), classes: problem.classes, alpha });
      return {
        note: way,
        check: () => mustAgree({ value, gradient }, expected),
        sample: () => native.call("pass_sample", { handle }),
        close: () => native.call("pass_close", { handle }),
      };
    },
  };
}
