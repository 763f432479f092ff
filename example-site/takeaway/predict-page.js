// The page that predicts: a field for each column, the probabilities and the label for what is in them.
import { timeOf } from "../../js/dist/model/recipe.js";
import { createPredictor } from "../../js/dist/predict.js";

/** With more columns than this a line of CSV takes the place of the fields. */
const mostFields = 100;

const { title, model, example, names } = JSON.parse(document.getElementById("data").textContent);
const predictor = createPredictor(model);
const columns = model.table?.columns ?? Array.from({ length: model.columns }, (_, j) => ({ name: names[j] ?? `Column ${j + 1}`, kind: "number" }));
const start = columns.map(({ name }, j) => String((model.table ? example?.[name] : example?.[j]) ?? ""));
const $ = (id) => document.getElementById(id);

/** An element with properties and children. */
function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** A text as the value of a date field, "" for what is no date. */
function dateValue(text, withTime) {
  const time = timeOf(text);
  return Number.isNaN(time) ? "" : new Date(time).toISOString().slice(0, withTime ? 16 : 10);
}

/** The choices of a column of categories, with values that mean them. */
function optionsOf({ categories, missing }) {
  let other = "another";
  while (categories.includes(other)) other += "_";
  return [
    ...categories.map((category) => (category === null ? new Option("(another)", other) : new Option(category, category))),
    ...(missing ? [new Option("(no value)", "")] : []),
  ];
}

/** A control for a column, with its example. */
function controlOf(column, text) {
  if (column.kind === "category") {
    const select = element("select", {}, ...optionsOf(column));
    const options = [...select.options];
    const chosen = options.find(({ value }) => value === text) ?? options.find((option) => option.text === "(another)") ?? options[0];
    chosen.defaultSelected = true;
    return select;
  }
  if (column.kind === "date") {
    const withTime = column.periods.includes(864e5);
    return element("input", { type: withTime ? "datetime-local" : "date", defaultValue: dateValue(text, withTime) });
  }
  return element("input", { type: "number", step: "any", defaultValue: Number.isFinite(Number(text)) ? text : "" });
}

/** What is wrong with what is in a control, as a sentence; "" for nothing. */
function problemOf({ kind }, control) {
  if (control.validity.badInput) return kind === "date" ? "This is not a date." : "This is not a number.";
  if (control.value === "" && kind !== "category" && !model.fill) return kind === "date" ? "Give a date." : "Give a number.";
  return "";
}

/** The fields of a line of CSV, or of one copied from a spreadsheet. */
function cellsOf(line) {
  const between = line.includes("\t") ? "\t" : ",";
  const cell = new RegExp(`${between} *(?:"((?:[^"]|"")*)" *(?=${between}|$)|([^${between}]*))`, "g");
  return Array.from((between + line).matchAll(cell), ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain.trim());
}

/** A row of texts as the predictor takes it. */
function rowOf(texts) {
  if (model.table) return Object.fromEntries(columns.map(({ name }, j) => [name, texts[j]]));
  return texts.map((text) => (text === "" ? NaN : Number(text)));
}

/** A control with its label, and a place for what is wrong. */
function field(name, control, id) {
  const problem = element("p", { className: "problem", id: `${id}-problem`, hidden: true });
  control.id = id;
  control.setAttribute("aria-describedby", problem.id);
  const words = name.split(/(?<=[_.])/).flatMap((word) => [word, element("wbr")]);
  $("fields").append(element("div", { className: "field" }, element("label", { htmlFor: id }, ...words), problem, control));
  return {
    name,
    control,
    tell(text) {
      problem.textContent = text;
      problem.hidden = text === "";
      control.setAttribute("aria-invalid", String(text !== ""));
    },
  };
}

/** One field for each column. */
function fieldPerColumn() {
  const fields = columns.map((column, j) => field(column.name, controlOf(column, start[j]), `field-${j}`));
  return () => {
    const wrong = fields.filter((one, j) => {
      const problem = problemOf(columns[j], one.control);
      one.tell(problem);
      return problem !== "";
    });
    const places = wrong.map(({ name }) => name);
    if (places.length > 3) places.splice(2, Infinity, "others");
    return {
      texts: fields.map(({ control }) => control.value),
      wrong: wrong[0]?.control,
      problem: wrong.length > 0 && `No prediction yet: see the note${wrong.length > 1 ? "s" : ""} at ${new Intl.ListFormat("en").format(places)}.`,
    };
  };
}

/** One field for all columns, as a line of CSV. */
function fieldForLine() {
  const line = start.map((text) => (/[",\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(",");
  const one = field("The row, as a line of CSV", element("textarea", { defaultValue: example ? line : "", rows: 8, spellcheck: false }), "field-line");
  $("fields").className = "line";
  $("fields").append(element("details", {}, element("summary", { textContent: `The ${columns.length} columns, in order` }), element("ol", { tabIndex: 0, ariaLabel: "Columns" }, ...columns.map(({ name }) => element("li", { textContent: name })))));
  return () => {
    const text = one.control.value.trim();
    const texts = cellsOf(text);
    const bad = columns.findIndex(({ kind }, j) => kind === "number" && !(texts[j] === "" ? model.fill : Number.isFinite(Number(texts[j]))));
    const problem = text === "" ? `Give a line of ${columns.length} values.`
      : text.includes("\n") ? "Give one line only."
      : texts.length !== columns.length ? `The line has ${texts.length} values: the model takes ${columns.length}.`
      : bad >= 0 ? `Value ${bad + 1}, ${columns[bad].name}, is ${texts[bad] === "" ? "missing" : `“${texts[bad]}”`}: it must be a number.`
      : "";
    one.tell(problem);
    return { texts, wrong: problem && one.control, problem: problem && "No prediction yet: see the note at the line." };
  };
}

const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });
const small = new Intl.NumberFormat("en", { style: "percent", maximumSignificantDigits: 2 });
/** A probability for people: no rare class is rounded to 0 %, and none to 100 %. */
function shown(p) {
  if (p > 0 && p < 0.00001) return "< 0.001%";
  if (p < 0.01) return small.format(p);
  return p < 1 && p > 0.9995 ? "> 99.9%" : percent.format(p);
}

/** How the label comes about, as a sentence. */
function ruleOf() {
  const { positiveClass, threshold, multiLabel, weight } = model;
  if (multiLabel) return "A label is predicted where its probability reaches the mark.";
  if (positiveClass !== null) return `“${positiveClass}” is predicted from a probability of ${shown(threshold)} on, where the mark is.`;
  return weight.every((value) => value === weight[0]) ? "The most probable class is predicted." : "Each class counts by its weight in training, so the predicted one need not be the most probable.";
}

/** The thresholds by class, undefined where there is none to show. */
const marks = predictor.classes.map((label, c) => (model.multiLabel ? model.threshold[c] : label === model.positiveClass ? model.threshold : undefined));

/** A line for each class, the positive one first; returns what shows probabilities and the chosen labels. */
function classLines() {
  const order = predictor.classes.map((_, c) => c).sort((a, b) => (predictor.classes[b] === model.positiveClass) - (predictor.classes[a] === model.positiveClass));
  const lines = order.map((c) => {
    const [fill, value] = [element("i"), element("data")];
    const bar = element("div", { className: "bar" }, fill);
    if (marks[c] !== undefined) {
      const mark = element("b");
      mark.style.left = `${100 * marks[c]}%`;
      bar.append(mark);
    }
    const line = element("li", { className: "class" }, element("span", { textContent: String(predictor.classes[c]) }), value, bar);
    line.classList.toggle("positive", predictor.classes[c] === model.positiveClass);
    $("classes").append(line);
    return (probabilities, chosen) => {
      value.value = probabilities[c];
      value.textContent = shown(probabilities[c]);
      fill.style.width = `${100 * probabilities[c]}%`;
      line.classList.toggle("chosen", chosen.includes(c));
    };
  });
  return (probabilities, chosen) => lines.forEach((show) => show(probabilities, chosen));
}

const read = columns.length > mostFields ? fieldForLine() : fieldPerColumn();
const showClasses = classLines();

/** Predicts for what is in the fields; returns the first control with something wrong in it. */
function update() {
  const { wrong, texts, ...rest } = read();
  let { problem } = rest;
  if (!problem) {
    try {
      const row = [rowOf(texts)];
      const { data } = predictor.predictProba(row);
      const label = predictor.predict(row)[0];
      const chosen = model.multiLabel ? label.flatMap((on, c) => (on ? [c] : [])) : [predictor.classes.indexOf(label)];
      const said = chosen.map((c) => String(predictor.classes[c])).join(", ") || "none of them";
      showClasses(data, chosen);
      $("label").textContent = said;
      $("label").classList.toggle("positive", label === model.positiveClass);
      $("brief").textContent = model.multiLabel ? said : `${said}, with a probability of ${shown(data[chosen[0]])}`;
    } catch (error) {
      problem = error.message.replace(/^Row 0: /, "");
      problem = problem[0].toUpperCase() + problem.slice(1);
    }
  }
  $("problem").textContent = problem || "";
  $("problem").hidden = !problem;
  $("answer").hidden = Boolean(problem);
  if (problem) $("brief").textContent = "No prediction yet: see above.";
  $("brief").classList.toggle("none", Boolean(problem));
  return wrong;
}

$("title").textContent = title;
$("lead").textContent = `Give the values of a row: the model says ${model.multiLabel ? "which labels it has" : model.positiveClass !== null ? `how likely it is “${model.positiveClass}”` : `which of ${predictor.classes.length} classes it is`}.`;
$("rule").textContent = ruleOf();
$("reset").hidden = !example;
if (model.fill) {
  $("help").textContent = "What is not known may stay empty: the model takes what was usual in its training rows.";
  $("help").hidden = false;
}
$("row").addEventListener("input", update);
$("row").addEventListener("reset", () => setTimeout(update));
$("row").addEventListener("submit", (event) => {
  event.preventDefault();
  const wrong = update();
  if (wrong) wrong.focus();
  else $("result").scrollIntoView({ block: "nearest" });
});
update();
