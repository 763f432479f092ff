// The first script of the page: takes down what goes wrong, from the beginning on, and lets the driver in.
window.wrong = [];
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => wrong.push(`against the policy, ${violatedDirective}: ${blockedURI}`));
// While they are captured, what cannot be loaded is seen as well.
addEventListener("error", ({ message, target }) => wrong.push(`error: ${message ?? target.outerHTML}`), true);
addEventListener("unhandledrejection", ({ reason }) => wrong.push(`unhandled: ${reason?.stack ?? reason}`));
for (const level of ["error", "warn"]) {
  const say = console[level];
  console[level] = (...words) => {
    wrong.push(`console.${level}: ${words.join(" ")}`);
    say.apply(console, words);
  };
}
import(new URL("drive.js", document.currentScript.src));
